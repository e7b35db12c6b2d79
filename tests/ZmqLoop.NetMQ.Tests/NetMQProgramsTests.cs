namespace ZmqLoop.Tests;

/// <summary>The programs of docs/netmq.md do what the page says.</summary>
public sealed class NetMQProgramsTests
{
    [Fact]
    public async Task Workers_close_their_streams_and_Cleanup_waits_for_nobody() =>
        Assert.Equal(["338350"], await ExampleProcess.RunAsync("NetMQPrograms", "workers"));

    [Fact]
    public async Task A_thread_safe_socket_is_awaited_on_the_loop() =>
        Assert.Equal(["hello from the loop", "again from the loop"], await ExampleProcess.RunAsync("NetMQPrograms", "threadsafe"));
}
