using ZmqLoop.Streams;

namespace ZmqLoop.Testing;

/// <summary>A stream over a scripted socket on a scripted loop: everything happens in order, in manual time.</summary>
public sealed class StreamWorld : IDisposable
{
    public StreamWorld(ZMQStreamOptions? options = null, SocketType type = SocketType.Dealer)
    {
        Socket = new ScriptedSocket(type);
        Stream = new ZMQStream(Socket, Loop, options);
    }

    public ScriptedLoop Loop { get; } = new();

    public ScriptedSocket Socket { get; }

    public ZMQStream Stream { get; }

    /// <summary>What happened, in order.</summary>
    public List<string> Log { get; } = [];

    public IEnumerable<string> Errors => Loop.Errors.Select(error => error.Exception.Message);

    public static InvalidOperationException Oops { get; } = new("oops");

    /// <summary>Runs until nothing can happen any more.</summary>
    public void Run() => Loop.RunUntilIdle();

    /// <summary>Notes each received message as it is.</summary>
    public void LogReceived() => Stream.OnRecv(message => Log.Add(message.Text()));

    /// <summary>A callback that notes what became of a message that was sent.</summary>
    public Action<Message, Exception?> LogSent(string name = "sent") =>
        (message, error) => Log.Add($"{name} {message.Text()}{(error is null ? "" : " " + error.GetType().Name)}");

    public void Dispose()
    {
        Stream.Dispose();
        Loop.Dispose();
    }
}

public static class MessageText
{
    /// <summary>The frames as text, divided by a bar.</summary>
    public static string Text(this Message message) => string.Join('|', message.Select(frame => frame.ToText()));

    public static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(number => $"{number}")];
}
