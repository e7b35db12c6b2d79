using ZmqLoop.Streams;

namespace ZmqLoop.Testing.Tests;

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

    [Fact]
    public void A_client_gets_its_root_a_tenth_of_a_second_later()
    {
        _socket.Arrive(new Message("client", "", "16")); // as a ROUTER sees what a REQ sent
        _loop.RunUntilIdle();
        Assert.Equal(["client||4"], _socket.Outbox); // the frames of each message, divided by bars
        Assert.Equal(TimeSpan.FromSeconds(0.1), _loop.ManualTime.Now);
    }

    [Fact]
    public void What_is_no_number_is_answered_with_the_error_to_the_client_that_sent_it()
    {
        _socket.Arrive(new Message("one", "", "soup"));
        _socket.Arrive(new Message("other", "", "25"));
        _loop.RunUntilIdle();
        Assert.Collection(_socket.Outbox,
            static answer => Assert.StartsWith("one||error: ", answer, StringComparison.Ordinal),
            static answer => Assert.Equal("other||5", answer));
        Assert.Empty(_loop.Errors); // nothing that nobody handled
    }

    [Fact]
    public void A_client_that_does_not_read_keeps_no_other_waiting()
    {
        _socket.FullPeers.Add("slow");
        _socket.Arrive(new Message("slow", "", "16"));
        _socket.Arrive(new Message("quick", "", "25"));
        _loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["quick||5"], _socket.Outbox);
        _socket.FullPeers.Clear();
        _loop.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["quick||5", "slow||4"], _socket.Outbox);
    }
}
