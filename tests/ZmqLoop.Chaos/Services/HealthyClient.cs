namespace ZmqLoop.Chaos.Services;

/// <summary>Asks a service again as soon as it is answered, while others attack it.</summary>
internal sealed class HealthyClient : IDisposable
{
    private const double Patience = 20;
    private const double Again = 2; // the connection may have been an attack's victim

    private readonly LoopHost _host;
    private readonly PeriodicCallback _again;
    private long _answers;
    private long _asked;
    private long _slowest;
    private long _since;

    public HealthyClient(ZMQEngine engine, string endpoint)
    {
        _host = new LoopHost(engine, ownsEngine: false);
        ZMQStream stream = _host.Open(SocketType.Dealer);
        _again = _host.Do(() =>
        {
            stream.OnRecv(message =>
            {
                if (message[^1].ToText() != $"{_asked}") return; // an older answer
                long took = TimeProvider.System.GetElapsedTime(Volatile.Read(ref _since)).Ticks;
                if (took > _slowest) Volatile.Write(ref _slowest, took);
                Volatile.Write(ref _answers, _answers + 1);
                Ask(stream);
            });
            stream.Socket.ReconnectInterval = TimeSpan.FromMilliseconds(20);
            stream.Connect(endpoint);
            Ask(stream);
            PeriodicCallback again = new(
                () =>
                {
                    if (TimeProvider.System.GetElapsedTime(Volatile.Read(ref _since)).TotalSeconds > Again) stream.Send($"{_asked}");
                },
                TimeSpan.FromSeconds(Again), _host.Loop);
            again.Start();
            return again;
        });
    }

    public long Answers => Volatile.Read(ref _answers);

    public TimeSpan Slowest => TimeSpan.FromTicks(Volatile.Read(ref _slowest));

    /// <summary>Whether there is an answer to a question from now.</summary>
    public bool IsAnswered()
    {
        long before = Answers;
        return Pause.Until(() => Answers > before + 1, Patience);
    }

    public void Dispose()
    {
        _host.Do(_again.Stop);
        _host.Dispose();
    }

    private void Ask(ZMQStream stream)
    {
        _asked++;
        Volatile.Write(ref _since, TimeProvider.System.GetTimestamp());
        stream.Send($"{_asked}");
    }
}
