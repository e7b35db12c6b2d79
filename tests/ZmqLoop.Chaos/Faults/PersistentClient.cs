using System.Globalization;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>A DEALER that asks all the time, some questions at once, and repeats what is not answered: it must lose none.</summary>
internal sealed class PersistentClient : IDisposable
{
    private const int AtOnce = 8;
    private const double Patience = 20;

    private readonly LoopHost _host;
    private readonly ZMQStream _stream;
    private readonly Dictionary<long, long> _open = []; // request, when it was sent last
    private readonly PeriodicCallback _again;
    private readonly TimeSpan _repeat;
    private readonly string _name = Guid.NewGuid().ToString("N")[..8];
    private long _asked;
    private long _answers;
    private bool _stops;

    public PersistentClient(ZMQEngine engine, string endpoint, Action<ZMQSocket>? configure = null, double repeat = 0.1)
    {
        _repeat = TimeSpan.FromSeconds(repeat);
        _host = new LoopHost(engine, ownsEngine: false);
        _stream = _host.Open(SocketType.Dealer, stream =>
        {
            stream.Socket.ReconnectInterval = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(stream.Socket);
            stream.OnRecv(Take);
            stream.Connect(endpoint);
        }, new ZMQStreamOptions { SendQueueLimit = 1000, SendQueueFullMode = SendQueueFullMode.DropOldest });
        _again = _host.Do(() =>
        {
            for (int i = 0; i < AtOnce; i++) Ask();
            PeriodicCallback again = new(Repeat, _repeat, _host.Loop);
            again.Start();
            return again;
        });
    }

    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Answers to questions that were answered already.</summary>
    public long Late { get; private set; }

    public long Repeated { get; private set; }

    /// <summary>Whether there is an answer within the time.</summary>
    public bool IsAnswered(double seconds = Patience)
    {
        long before = Answers;
        return Pause.Until(() => Answers > before, seconds);
    }

    /// <summary>Asks nothing more, and waits for the last answers.</summary>
    public void Stop()
    {
        _host.Do(() => _stops = true);
        Pause.Until(() => _host.Do(() => _open.Count) == 0, Patience);
    }

    /// <summary>Each question must have been answered and served; what was not is lost.</summary>
    public void Conclude(Outcome result, RequestService? service = null)
    {
        (long asked, int open) = _host.Do(() => (_asked, _open.Count));
        result.Lost += open;
        result.Lost += service?.CountMissing(_name, asked) ?? 0;
        result.Note += $"{asked} requests, {Repeated} repeated; ";
    }

    public void Dispose()
    {
        _host.Do(_again.Stop);
        _host.Dispose();
    }

    private void Ask()
    {
        _asked++;
        Send(_asked);
    }

    private void Send(long number)
    {
        _open[number] = TimeProvider.System.GetTimestamp();
        _stream.Send($"{_name} {number}");
    }

    private void Take(Message message)
    {
        string[] words = message[^1].ToText().Split(' ');
        if (words.Length != 2 || words[0] != _name || !_open.Remove(long.Parse(words[1], CultureInfo.InvariantCulture)))
        {
            Late++;
            return;
        }

        Interlocked.Increment(ref _answers);
        if (!_stops) Ask();
    }

    private void Repeat()
    {
        foreach (long number in _open.Keys.Where(one => TimeProvider.System.GetElapsedTime(_open[one]) >= _repeat).ToArray())
        {
            Repeated++;
            Send(number);
        }
    }
}
