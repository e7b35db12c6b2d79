namespace ZmqLoop.Chaos.Wire;

/// <summary>Who attacks one target, one connection after the other. One thread.</summary>
/// <param name="target">Its name in <see cref="Services.Targets"/>.</param>
internal abstract class Stranger(string target)
{
    private const int Remembered = 8;

    private readonly Queue<HostileInput> _last = new();

    protected Corpus Corpus { get; } = new();

    public string Target => target;

    /// <summary>How many kinds of answers he got.</summary>
    public int Answers => Corpus.Answers;

    /// <summary>How often he sent what ends a process on NetMQ without the guard.</summary>
    public long Killing { get; private set; }

    /// <summary>What he sent last: to look at where a service has ended.</summary>
    public IEnumerable<HostileInput> Last => _last;

    /// <summary>One connection.</summary>
    /// <exception cref="TimeoutException">It stands still.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    public abstract void Attack(int port);

    protected void Remember(HostileInput input)
    {
        _last.Enqueue(input);
        if (_last.Count > Remembered) _last.Dequeue();
    }

    public void Learn(HostileInput input, Answer answer)
    {
        if (input.Kills) Killing++;
        Corpus.Learn(input, answer);
    }
}
