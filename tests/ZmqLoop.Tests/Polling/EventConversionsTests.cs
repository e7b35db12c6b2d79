using ZmqLoop.Polling;

namespace ZmqLoop.Tests.Polling;

public sealed class EventConversionsTests
{
    [Theory]
    [InlineData(IOEvents.None, 0, 0u)]
    [InlineData(IOEvents.Read, 1, 1u)]
    [InlineData(IOEvents.Write, 2, 4u)]
    [InlineData(IOEvents.Read | IOEvents.Write, 3, 5u)]
    [InlineData(IOEvents.Read | IOEvents.Error, 1, 1u)] // errors need no asking
    public void Interest_is_asked_for_in_the_bits_of_ZeroMQ_and_of_epoll(IOEvents events, int zeroMQ, uint epoll)
    {
        Assert.Equal(zeroMQ, events.ToZeroMQ());
        Assert.Equal(epoll, events.ToEpoll());
    }

    [Fact]
    public void What_happened_comes_back_and_bits_that_mean_something_else_do_not()
    {
        Assert.Equal(IOEvents.Read | IOEvents.Write | IOEvents.Error, EventConversions.FromZeroMQ(7));
        Assert.Equal(IOEvents.None, EventConversions.FromZeroMQ(8)); // ZMQ_POLLPRI
        Assert.Equal(IOEvents.Failed, EventConversions.FromEpoll(8));
        Assert.Equal(IOEvents.HungUp, EventConversions.FromEpoll(0x10));
        Assert.Equal(IOEvents.Read | IOEvents.Write | IOEvents.Error, EventConversions.FromEpoll(0xffff_ffff));
    }
}
