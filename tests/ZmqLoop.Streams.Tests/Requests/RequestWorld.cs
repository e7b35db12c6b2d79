namespace ZmqLoop.Streams.Tests.Requests;

/// <summary>A client and a server that the test plays, wired, on one scripted loop in manual time.</summary>
internal sealed class RequestWorld : IDisposable
{
    private const string Endpoint = "inproc://server";

    private readonly ScriptedEngine _engine = new();

    public RequestWorld(RequestClientOptions? options = null, bool connect = true)
    {
        Server = new ZMQStream(_engine.CreateSocket(SocketType.Dealer), Loop);
        Server.Bind(Endpoint);
        Client = new RequestClient(_engine.CreateSocket(SocketType.Dealer), Loop, options);
        if (connect) Connect();
    }

    public ScriptedLoop Loop { get; } = new();

    public RequestClient Client { get; }

    public ZMQStream Server { get; }

    /// <summary>What the server was asked, without the envelope.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What it has got, whole.</summary>
    public List<Message> Received { get; } = [];

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public void Connect() => Client.Connect(Endpoint);

    public void Run() => Loop.RunUntilIdle();

    public void RunFor(double seconds)
    {
        Loop.CallLater(seconds, Loop.Stop);
        Loop.Start();
    }

    /// <summary>A server that answers as a REP does, by what comes before the empty frame; null for no answer.</summary>
    public void Serve(Func<string, string?> answer) => Server.OnRecv(message =>
    {
        Received.Add(message);
        string question = message[2].ToText();
        Asked.Add(question);
        if (answer(question) is { } text) Server.SendMultipart(message[0], message[1], text);
    });

    public Task<Message> Ask(string question, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Client.RequestAsync(new Message(question), options ?? Client.Options, cancellationToken);

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        Loop.Dispose();
        _engine.Dispose();
    }
}
