using System.Buffers.Binary;

namespace ZmqLoop.Streams.Tests.Requests;

/// <summary>A responder over a scripted ROUTER, in manual time: requests arrive with the routing id, answers lie in the outbox.</summary>
internal sealed class ResponderWorld : IDisposable
{
    public ResponderWorld(ResponderOptions? options = null)
    {
        Socket = new ScriptedSocket(SocketType.Router);
        Responder = new Responder(Socket, Loop, options);
    }

    public ScriptedLoop Loop { get; } = new();

    public ScriptedSocket Socket { get; }

    public Responder Responder { get; }

    /// <summary>What happened, in order.</summary>
    public List<string> Log { get; } = [];

    public IEnumerable<string> Errors => Loop.Errors.Select(static error => error.Exception.Message);

    public void Run() => Loop.RunUntilIdle();

    public void RunUntil(Func<bool> condition) => Deadline.RunUntil(Loop, condition, () => string.Join(", ", Socket.Outbox));

    /// <summary>A request of a REQ's.</summary>
    public void Arrive(string peer, params string[] body) =>
        Socket.Arrive(new Message([peer, "", .. body.Select(static text => (Frame)text)]));

    /// <summary>A request of a RequestClient's, number "00000007", with the milliseconds that it waits for, or without.</summary>
    public void ArriveFromClient(uint? milliseconds, params string[] body)
    {
        byte[] correlation = [.. "ZLR1?00000007"u8];
        if (milliseconds is { } time)
        {
            byte[] left = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(left, time);
            correlation = [.. correlation, .. left];
        }

        Socket.Arrive(new Message(["client", correlation, "", .. body.Select(static text => (Frame)text)]));
    }

    public void Dispose()
    {
        Responder.Dispose();
        Loop.Dispose();
    }
}
