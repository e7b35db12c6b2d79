namespace ZmqLoop.Compare.Tests;

public sealed class ClosedConnectionsTests
{
    [Fact]
    public void How_many_the_kernel_remembers_stands_in_its_statistics()
    {
        const string statistics = """
            sockets: used 10020
            TCP: inuse 5 orphan 0 tw 9214 alloc 7 mem 0
            UDP: inuse 0 mem 256

            """;
        Assert.Equal(9214, ClosedConnections.Count(statistics));
    }

    [Fact]
    public void Who_is_stopped_does_not_wait_for_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells of them.");
        ClosedConnections.WaitForPorts(new CancellationToken(canceled: true));
    }
}
