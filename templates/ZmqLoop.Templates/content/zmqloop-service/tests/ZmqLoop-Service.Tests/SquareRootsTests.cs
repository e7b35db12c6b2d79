using ZmqLoop;
using ZmqLoop.Streams;
using ZmqLoop.Testing;

namespace ZmqLoop_Service.Tests;

/// <summary>What it does, without a network and without waiting.</summary>
public sealed class SquareRootsTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly ScriptedSocket _socket = new(SocketType.Router);
    private readonly ZMQStream _front;

    public SquareRootsTests()
    {
        _front = new ZMQStream(_socket, _loop, SquareRoots.Options);
        SquareRoots.Serve(_front);
    }

    public void Dispose()
    {
        _front.Dispose();
        _loop.Dispose();
    }

    [Theory]
    [InlineData("16", "4")]
    [InlineData("2.25", "1.5")]
    [InlineData("soup", "error: send one number")]
    [InlineData("", "error: send one number")]
    public void A_client_gets_the_root_of_what_it_sent(string question, string answer)
    {
        _socket.Arrive(new Message("client", "", question));
        _loop.RunUntilIdle();
        Assert.Equal([$"client||{answer}"], _socket.Outbox);
        Assert.Empty(_loop.Errors);
    }
}
