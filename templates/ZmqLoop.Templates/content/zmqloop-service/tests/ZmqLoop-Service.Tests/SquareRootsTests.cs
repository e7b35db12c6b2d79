using Microsoft.Extensions.Logging.Abstractions;
using ZmqLoop;
using ZmqLoop.Streams;
using ZmqLoop.Testing;

namespace ZmqLoop_Service.Tests;

/// <summary>What it does, without a network and without waiting.</summary>
public sealed class SquareRootsTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly ScriptedSocket _socket = new(SocketType.Router);
    private readonly Responder _responder;

    public SquareRootsTests()
    {
        _responder = new Responder(_socket, _loop);
        _responder.OnRequest(new SquareRoots(NullLogger<SquareRoots>.Instance).HandleAsync);
    }

    public void Dispose()
    {
        _responder.Dispose();
        _loop.Dispose();
    }

    [Theory]
    [InlineData("16", "4")]
    [InlineData("2.25", "1.5")]
    [InlineData("soup", "error|bad-request|Send one number.")]
    [InlineData("", "error|bad-request|Send one number.")]
    public void A_client_gets_the_root_of_what_it_sent(string question, string answer)
    {
        _socket.Arrive(new Message("client", "", question));
        _loop.RunUntilIdle();
        Assert.Equal([$"client||{answer}"], _socket.Outbox);
        Assert.Empty(_loop.Errors);
    }
}
