namespace ZmqLoop.Streams.SocketTests;

/// <summary>From where one may connect: asked as libzmq asks, with the addresses that it tells, and over real transports.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "::ffff:0a01:0203", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.1/32", "10.0.0.1", true)]
    [InlineData("0.0.0.0/0", "10.0.0.1", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("192.168.1.128/25", "192.168.1.127", false)]
    [InlineData("192.168.1.128/25", "192.168.1.200", true)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("2001:DB8:0:0::1", "2001:db8::1", true)]
    [InlineData("fe80::1", "fe80::1%lo", true)]
    [InlineData("fe80::/10", "fe80::1%lo", true)]
    [InlineData("fe80::1%1", "fe80::1%1", true)]
    [InlineData("fe80::1%1", "fe80::1%2", false)]
    [InlineData("fe80::1%1", "fe80::1", false)]
    [InlineData("fe80::1", "fe80::1%a-link-that-is-gone", true)]
    [InlineData("10.0.0.0/8", "localhost:1000:1000:4711", false)]
    [InlineData("10.0.0.0/8", "", false)]
    public void A_rule_means_the_addresses_that_people_mean(string rule, string address, bool meant)
    {
        AssertLets(authenticator => authenticator.Allow("192.0.2.1", rule), address, meant);
        AssertLets(authenticator => authenticator.Deny("192.0.2.1", rule), address, !meant);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.1:5555")]
    [InlineData("[::1]")]
    [InlineData("localhost:x:1:1")]
    [InlineData("localhost:1:1")]
    public void An_address_that_is_not_understood_is_kept_out_by_rules_of_either_kind(string address)
    {
        AssertLets(static authenticator => authenticator.Allow("0.0.0.0/0", "::/0"), address, false);
        AssertLets(static authenticator => authenticator.Deny("192.0.2.1"), address, false);
        AssertLets(static _ => { }, address, true);
    }

    [Fact]
    public void A_rule_of_one_link_keeps_out_whoever_comes_by_a_link_that_is_not_known()
    {
        AssertLets(static authenticator => authenticator.Allow("fe80::1%1"), "fe80::1%a-link-that-is-gone", false);
        AssertLets(static authenticator => authenticator.Deny("fe80::1%1"), "fe80::1%a-link-that-is-gone", false);
        AssertLets(static authenticator => authenticator.Deny("fe80::1%1"), "fe80::2%a-link-that-is-gone", true);
    }

    [Theory]
    [InlineData(null, null, null, "localhost:1000:100:7", true)]
    [InlineData(1000L, null, null, "localhost:1000:100:7", true)]
    [InlineData(1000L, 100L, 7L, "localhost:1000:100:7", true)]
    [InlineData(1001L, null, null, "localhost:1000:100:7", false)]
    [InlineData(1000L, 101L, null, "localhost:1000:100:7", false)]
    [InlineData(null, null, 8L, "localhost:1000:100:7", false)]
    [InlineData(4294967295L, null, null, "localhost:4294967295:100:7", true)]
    [InlineData(null, null, null, "", true)]
    [InlineData(1000L, null, null, "10.0.0.1", false)]
    [InlineData(null, null, null, "10.0.0.1", false)]
    public void Peers_over_ipc_have_rules_of_their_own(long? user, long? group, long? process, string address, bool meant)
    {
        AssertLets(authenticator => authenticator.AllowIpc(user, group, process), address, meant);
        AssertLets(authenticator => authenticator.DenyIpc(user, group, process), address, !meant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("localhost:1000::")]
    public void Who_does_not_tell_the_ids_that_a_rule_asks_for_is_kept_out(string address)
    {
        AssertLets(static authenticator => authenticator.AllowIpc(groupId: 5), address, false);
        AssertLets(static authenticator => authenticator.DenyIpc(groupId: 5), address, false);
    }

    [Theory]
    [InlineData("localhost", "is no IP address")]
    [InlineData("10.0.0.*", "is no IP address")]
    [InlineData("tcp://10.0.0.1", "is no IP address")]
    [InlineData("10.0.0.1:5555", "is no IP address")]
    [InlineData("[::1]", "is no IP address")]
    [InlineData("[::1]:5555", "is no IP address")]
    [InlineData(" 10.0.0.1 ", "is no IP address")]
    [InlineData("10.0.0.1\n", "is no IP address")]
    [InlineData("010.0.0.1", "is no IP address")]
    [InlineData("::ffff:010.0.0.1", "is no IP address")]
    [InlineData("0x0a000001", "is no IP address")]
    [InlineData("10.1", "is no IP address")]
    [InlineData("167772161", "is no IP address")]
    [InlineData("10.0.0.256", "is no IP address")]
    [InlineData("10.0.0.1%1", "is no IP address")]
    [InlineData("fe80::1%", "is no IP address")]
    [InlineData("", "is no IP address")]
    [InlineData("/8", "is no IP address")]
    [InlineData("fe80::1%no-such-link", "names no link")]
    [InlineData("0.0.0.0", "'0.0.0.0/0'")]
    [InlineData("::", "'::/0'")]
    [InlineData("10.0.0.0/33", "no prefix length of 0 to 32")]
    [InlineData("10.0.0.0/08", "no prefix length")]
    [InlineData("10.0.0.0/", "no prefix length")]
    [InlineData("10.0.0.0/-1", "no prefix length")]
    [InlineData("10.0.0.0/255.0.0.0", "no prefix length")]
    [InlineData("::/129", "no prefix length of 0 to 128")]
    [InlineData("::ffff:10.0.0.0/8", "no prefix length of 96 to 128")]
    [InlineData("10.0.0.1/8", "'10.0.0.0/8' is the network, '10.0.0.1' the address")]
    [InlineData("fe80::1/10", "'fe80::/10' is the network")]
    public void What_is_no_address_throws_and_changes_nothing(string rule, string says)
    {
        using ZapWorld world = new();
        ArgumentException error = Assert.Throws<ArgumentException>(() => world.Authenticator.Allow("192.0.2.1", rule));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => world.Authenticator.Deny("192.0.2.1", rule));
        Assert.Throws<ArgumentNullException>(() => world.Authenticator.Deny("192.0.2.1", null!));
        world.Authenticator.Start();
        Assert.Equal("200", StatusFor(world, "192.0.2.1"));
        Assert.Equal("200", StatusFor(world, "192.0.2.2"));
    }

    [Fact]
    public void Ids_out_of_range_and_an_empty_list_of_the_allowed_throw_and_rules_are_of_one_kind()
    {
        using ZapWorld world = new();
        Assert.Contains("0.0.0.0/0", Assert.Throws<ArgumentException>(() => world.Authenticator.Allow()).Message, StringComparison.Ordinal);
        world.Authenticator.Deny();
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Authenticator.AllowIpc(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Authenticator.DenyIpc(processId: 1L << 32));
        world.Authenticator.AllowIpc(1000);
        Assert.Throws<InvalidOperationException>(() => world.Authenticator.Deny("10.0.0.1"));
        Assert.Throws<InvalidOperationException>(() => world.Authenticator.DenyIpc());
        world.Authenticator.Allow("10.0.0.1");
        world.Authenticator.Start();
        Assert.Equal("200", StatusFor(world, "10.0.0.1"));
        Assert.Equal("200", StatusFor(world, "localhost:1000:1:1"));
        Assert.Equal("400", StatusFor(world, "localhost:0:1:1"));
    }

    [Fact]
    public void A_process_is_let_in_over_ipc_by_its_ids_and_the_provider_knows_them()
    {
        using ZapWorld world = new();
        IpcPeer? peer = null;
        world.Authenticator.AllowIpc(processId: Environment.ProcessId);
        world.Authenticator.ConfigurePlainCallback("*", request =>
        {
            peer = request.IpcPeer;
            return true;
        });
        world.Authenticator.Start();
        DirectoryInfo directory = Directory.CreateTempSubdirectory("zmqloop-ipc-");
        string endpoint = $"ipc://{Path.Combine(directory.FullName, "peer")}";
        Assert.True(world.Lets(world.Plain(endpoint: endpoint), ZapWorld.As("a", "b")));
        directory.Delete(recursive: true);
        Assert.Equal(Environment.ProcessId, peer?.ProcessId);
        Assert.NotNull(peer?.UserId);
        Assert.NotNull(peer?.GroupId);
        Assert.False(world.Lets(world.Plain("other"), ZapWorld.As("a", "b"))); // over tcp
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:*", "127.0.0.0/8", true)]
    [InlineData("tcp://127.0.0.1:*", "10.0.0.0/8", false)]
    [InlineData("tcp://[::1]:*", "::1", true)]
    [InlineData("tcp://[::1]:*", "::/0", true)]
    [InlineData("tcp://[::1]:*", "127.0.0.1", false)]
    public void Networks_count_over_tcp(string endpoint, string network, bool meant)
    {
        using ZapWorld world = new();
        world.Authenticator.Allow(network);
        world.Authenticator.Start();
        bool v6 = endpoint.Contains('[', StringComparison.Ordinal);
        Assert.SkipUnless(!v6 || System.Net.Sockets.Socket.OSSupportsIPv6, "This machine has no IPv6.");
        Assert.Equal(meant, world.Lets(world.Null(endpoint: endpoint, prepare: socket => socket.IPv6 = v6), socket => socket.IPv6 = v6));
    }

    private static void AssertLets(Action<Authenticator> configure, string address, bool lets)
    {
        using ZapWorld world = new();
        configure(world.Authenticator);
        world.Authenticator.Start();
        Assert.Equal(lets ? "200" : "400", StatusFor(world, address));
        Assert.Empty(world.Loop.Errors);
    }

    private static string StatusFor(ZapWorld world, string address) => world.Ask($"1.0|7|global|{address}||NULL").Split('|')[2];
}
