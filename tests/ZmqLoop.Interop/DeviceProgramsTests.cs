namespace ZmqLoop.Interop;

/// <summary>The programs of docs/devices.md and docs/security.md do what the pages say.</summary>
public sealed class DeviceProgramsTests
{
    [Fact]
    public async Task A_broker_forwards_both_ways_and_its_watcher_sees_which() =>
        Assert.Equal(["in hello", "out HELLO", "forwarded 1 and 1"], await ExampleProcess.RunAsync("Devices", "broker"));

    [Fact]
    public async Task A_monitor_tells_of_a_connections_life() =>
        Assert.Equal(
            EngineUnderTest.Current.Can(Abilities.Handshakes)
                ? ["Listening", "Accepted", "HandshakeSucceeded", "Disconnected", "MonitorStopped"]
                : ["Listening", "Accepted", "Disconnected", "MonitorStopped"],
            await ExampleProcess.RunAsync("Devices", "watching"));

    [Fact]
    public async Task Logs_are_published_by_level_and_category() =>
        Assert.Equal(["shop.INFO.orders | order 7 paid", "shop.WARNING.orders | WARNING orders - order 8 is late", "dropped: 0"],
            await ExampleProcess.RunAsync("Devices", "logs"));

    [Fact]
    public async Task Who_has_no_password_is_refused_and_messages_know_who_sent_them()
    {
        EngineUnderTest.Current.Need(Abilities.Zap);
        Assert.Equal(["refused with status 400", "alice says hello"], await ExampleProcess.RunAsync("Security", "passwords"));
    }

    [Fact]
    public async Task Who_has_no_certificate_is_refused_and_a_key_is_a_name()
    {
        EngineUnderTest.Current.Need(Abilities.Zap);
        Assert.Equal(["refused with status 400", "hello Alice"], await ExampleProcess.RunAsync("Security", "keys"));
    }
}
