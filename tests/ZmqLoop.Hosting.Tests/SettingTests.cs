using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ZmqLoop.Hosting;

public sealed class SettingTests
{
    [Fact]
    public async Task A_stream_is_made_as_the_configuration_says()
    {
        await using TestHost host = Configured(new()
        {
            ["Streams:orders:Type"] = "router", ["Streams:orders:Bind:0"] = "tcp://127.0.0.1:*",
            ["Streams:orders:Bind:1"] = "inproc://orders",
            ["Streams:orders:SendHighWaterMark"] = "17", ["Streams:orders:Linger"] = "1.00:00:01.5",
            ["Streams:orders:EnvelopeFormat"] = "Delimiter", ["Streams:orders:MaxConcurrency"] = "4",
        });
        await host.StartAsync();
        ZMQStream stream = host.Stream("orders");
        Assert.Equal(SocketType.Router, stream.Socket.Type);
        (int highWaterMark, TimeSpan linger) = await stream.IOLoop.InvokeAsync(() =>
            (stream.Socket.SendHighWaterMark, stream.Socket.Linger));
        Assert.Equal(17, highWaterMark);
        Assert.Equal(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1.5), linger);
        Assert.Equal(2, host.Log.Count(static line => line.Contains("Stream 'orders' is bound to", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_code_sets_of_a_socket_goes_after_the_configuration_and_not_in_its_place()
    {
        await using TestHost host = Configured(
            new() { ["Streams:orders:Type"] = "Router", ["Streams:orders:SendHighWaterMark"] = "17", ["Streams:orders:Backlog"] = "5" },
            static stream => stream.Socket = static socket => socket.Backlog = 6);
        await host.StartAsync();
        ZMQStream stream = host.Stream("orders");
        Assert.Equal((17, 6), await stream.IOLoop.InvokeAsync(() => (stream.Socket.SendHighWaterMark, stream.Socket.Backlog)));
    }

    [Theory]
    [InlineData("Type", "Rooter", "Streams:orders:Type is 'Rooter': one of these is wanted: Pair, Pub, Sub, ")]
    [InlineData("Type", "6", "Streams:orders:Type is '6': one of these is wanted: ")]
    [InlineData("Type", null, "'orders' has no type of socket: set Streams:orders:Type, such as to Router.")]
    [InlineData("SendHighWatermark2", "1", "Streams:orders:SendHighWatermark2 is no setting of 'orders': there are Backlog, Bind, ")]
    [InlineData("SendHighWaterMark", "many", "Streams:orders:SendHighWaterMark is 'many': a whole number is wanted.")]
    [InlineData("Linger", "5", "Streams:orders:Linger is '5': a time is wanted as hours:minutes:seconds, such as 00:00:01.5, with days ")]
    [InlineData("Linger", "24:00:00", "Streams:orders:Linger is '24:00:00': a time is wanted as hours:minutes:seconds, ")]
    [InlineData("Linger", "1:00", "Streams:orders:Linger is '1:00': a time is wanted as hours:minutes:seconds, ")]
    [InlineData("Linger", "1:00:00:00", "Streams:orders:Linger is '1:00:00:00': a time is wanted as hours:minutes:seconds, ")]
    [InlineData("Immediate", "yes", "Streams:orders:Immediate is 'yes': true or false is wanted.")]
    [InlineData("EnvelopeFormat", "Jupyter", "Streams:orders:EnvelopeFormat is 'Jupyter': RoutingId or Delimiter is wanted.")]
    [InlineData("CurveServerKey", "short", "Streams:orders:CurveServerKey is 'short': a key of CURVE is wanted, 40 characters")]
    [InlineData("CurveSecretKey", "short", "Streams:orders:CurveSecretKey: a key of CURVE is wanted, 40 characters")]
    [InlineData("Subscribe", "news", "'orders' is a Router, which cannot subscribe: a Sub can.")]
    [InlineData("RequiredPeers", "-1", "'orders': RequiredPeers is -1: give 0 or more.")]
    [InlineData("Linger:0", "00:00:05", "Streams:orders:Linger is '': a single value is wanted here, and no list or section.")]
    public async Task What_is_wrong_in_the_configuration_ends_the_start_by_its_key(string key, string? value, string message)
    {
        await using TestHost host = Configured(new()
        {
            ["Streams:orders:Type"] = "Router", ["Streams:orders:Bind"] = "tcp://127.0.0.1:*", ["Streams:orders:" + key] = value,
        });
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bind", "127.0.0.1:5555", "Stream 'orders' cannot bind (Streams:orders:Bind): ")]
    [InlineData("Connect", "tcp://127.0.0.1", "Stream 'orders' cannot connect (Streams:orders:Connect): ")]
    [InlineData("MaxConcurrency", "0", "Stream 'orders' cannot be made: ")]
    [InlineData("Linger", "-00:00:05", "Stream 'orders' cannot be made: ")]
    public async Task What_only_the_socket_can_refuse_ends_the_start_with_what_to_do(string key, string value, string message)
    {
        await using TestHost host = Configured(new() { ["Streams:orders:Type"] = "Router", ["Streams:orders:" + key] = value });
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
        Assert.DoesNotContain(host.Log, static line => line.StartsWith("Critical: Loop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_that_stands_in_two_lists_is_told_by_the_key_of_the_one_in_which_it_is_wrong()
    {
        await using TestHost host = Configured(new()
        {
            ["Streams:orders:Type"] = "Sub", ["Streams:orders:Bind"] = "here", ["Streams:orders:Subscribe"] = "here",
        });
        Assert.StartsWith("Stream 'orders' cannot bind (Streams:orders:Bind): ",
            (await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_and_a_section_that_is_not_there_too()
    {
        await using TestHost host = Configured(new() { ["Streams:orders:Type"] = "Rooter", ["Streams:orders:Linger"] = "5" });
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Equal(2, error.Failures.Count());
        await using TestHost none = Configured([]);
        error = await Assert.ThrowsAsync<OptionsValidationException>(none.StartAsync);
        Assert.Equal("The configuration has no section Streams:orders, by which 'orders' was to be made.", error.Message);
    }

    [Fact]
    public async Task A_request_client_is_no_other_type_of_socket()
    {
        await using TestHost host = new(static loop => loop.AddRequestClient("prices", static client => client.Type = SocketType.Req));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Equal("'prices' is a RequestClient, over Dealer, and not over Req.", error.Message);
    }

    [Fact]
    public void Two_of_one_name_are_refused_at_the_call()
    {
        HostedLoopBuilder loop = new ServiceCollection().AddZmqLoop().AddStream("orders", SocketType.Router);
        ArgumentException error = Assert.Throws<ArgumentException>(() => loop.AddRequestClient("orders"));
        Assert.StartsWith("There is a stream, responder or request client of the name 'orders' already", error.Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => loop.Services.AddZmqLoop("other").AddStream("orders", SocketType.Router));
    }

    [Fact]
    public async Task A_handler_that_cannot_be_made_ends_the_start_with_what_is_missing()
    {
        await using TestHost host = new(static loop => loop.AddStream<Needy>("orders", SocketType.Router));
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        Assert.StartsWith("Stream 'orders' has the handler Needy, which cannot be made: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.Uri", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" By name there are Stream 'orders'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_code_of_the_application_throws_at_the_start_is_told_by_the_name_of_what_it_is_for()
    {
        static Task<InvalidOperationException> StartAsync(Action<HostedLoopBuilder> add) =>
            Assert.ThrowsAsync<InvalidOperationException>(async () =>
            {
                await using TestHost host = new(add);
                await host.StartAsync();
            });

        Assert.Equal("Responder 'sums' has the handler Broken, which cannot be made: oops",
            (await StartAsync(static loop => loop.AddResponder<Broken>("sums"))).Message);
        Assert.Equal("Stream 'sums' has the handler Sticky, which cannot be disposed of: oops",
            (await StartAsync(static loop => loop.AddStream<Sticky>("sums", SocketType.Pull))).Message);
        Assert.Equal("Stream 'sums' cannot be made: oops", (await StartAsync(static loop => loop.AddStream("sums", SocketType.Pull,
            static stream => stream.Socket = static _ => throw new KeyNotFoundException("oops")))).Message);
    }

    [Fact]
    public void Each_option_that_a_text_can_say_can_be_set_in_a_configuration()
    {
        Assert.Equal(Settable(typeof(ZMQSocket), typeof(byte[]), typeof(string)), SocketSettings.All.Keys.Order());
        Assert.Equal(Settable(typeof(ZMQStreamOptions), typeof(EnvelopeFormat)).Except(["LeaveOpen"]), StreamSettings.All.Names.Order());
        Assert.Equal(Settable(typeof(ResponderOptions)), ResponderSettings.All.Names.Order());
        Assert.Equal(Settable(typeof(RequestClientOptions)).Concat(Settable(typeof(RequestOptions))).Order(),
            RequestClientSettings.All.Names.Order());
    }

    private static IEnumerable<string> Settable(Type type, params Type[] others) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && (property.PropertyType.IsValueType || others.Contains(property.PropertyType)))
            .Select(static property => property.Name).Order();

    private static TestHost Configured(
        Dictionary<string, string?> configuration, Action<HostedSocketOptions<ZMQStreamOptions>>? configure = null)
    {
        ConfigurationManager root = new();
        foreach ((string key, string? value) in configuration) root[key] = value;
        return new TestHost(loop => loop.AddStream("orders", root.GetSection("Streams:orders"), configure));
    }
}
