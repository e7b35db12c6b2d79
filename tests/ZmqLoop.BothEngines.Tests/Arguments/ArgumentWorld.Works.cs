using ZmqLoop.Streams;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Arguments;

/// <summary>Whether what was called still works: half changed is the fault.</summary>
internal sealed partial class ArgumentWorld
{
    /// <param name="target">What was called.</param>
    /// <param name="isTaken">Who was called waits for the next message.</param>
    private void Verify(object? target, bool isTaken)
    {
        if (!Loop.IsClosed) RunCallback(Loop);
        switch (target)
        {
            case ScriptedLoop loop:
                RunCallback(loop);
                break;
            case ZMQStream { IsClosed: false, Socket: Testing.ScriptedSocket socket } stream:
                VerifyStream(stream, socket, isTaken);
                break;
            case ZMQSocket { IsClosed: false } socket when RealEngine is not null:
                VerifySocket(socket);
                break;
            case ZMQStream { IsClosed: true } stream:
                Assert.True(stream.Socket.IsClosed);
                break;
            case ZMQProxy { IsClosed: false } proxy:
                Assert.False(proxy.Frontend.IsClosed || proxy.Backend.IsClosed);
                break;
            case ZMQPoller poller:
                Assert.Empty(poller.Poll(0));
                break;
        }
    }

    private static void RunCallback(IOLoop loop)
    {
        bool ran = false;
        Assert.True(loop.AddCallback(() => ran = true));
        if (loop is ScriptedLoop scripted) scripted.RunUntilIdle();
        else loop.RunOnce(TimeSpan.Zero);
        Assert.True(ran, "the loop does not run callbacks any more");
    }

    private void VerifyStream(ZMQStream stream, Testing.ScriptedSocket socket, bool isTaken)
    {
        bool received = isTaken;
        if (!isTaken) stream.OnRecv((Message _) => received = true);
        socket.Arrive("news");
        stream.Send("after");
        for (int i = 0; i < 10; i++) Loop.RunOnce(TimeSpan.Zero);
        Assert.True(received, "the stream does not receive any more");
        Assert.Contains(socket.Outbox, static text => text.Contains("after", StringComparison.Ordinal));
    }

    /// <summary>Over inproc, since what was set of it may be wrong for a connection.</summary>
    private void VerifySocket(ZMQSocket socket)
    {
        if (_type != SocketType.Router) return;
        string name = $"inproc://swept-{Guid.NewGuid()}";
        socket.Bind(name);
        using ZMQSocket peer = RealEngine!.CreateSocket(SocketType.Dealer);
        peer.Connect(name);
        Deadline.WaitUntil(() => peer.TrySend(new Message("x")));
        Deadline.WaitUntil(() => socket.TryReceive(out _));
    }
}
