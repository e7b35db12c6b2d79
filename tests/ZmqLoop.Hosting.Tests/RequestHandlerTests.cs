using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ZmqLoop.Hosting;

public sealed partial class RequestHandlerTests
{
    private const string Anywhere = "tcp://127.0.0.1:*";

    [Fact]
    public async Task Requests_go_by_their_names_to_classes_and_methods_each_with_a_scope_of_its_own()
    {
        await using TestHost host = new(static loop =>
        {
            loop.Services.AddScoped<ScopeProbe>();
            loop.Services.AddSingleton<IFrameSerializer>(new JsonFrameSerializer(Contracts.Default));
            loop.AddResponder("sums", static responder => responder.Bind.Add(Anywhere))
                .AddRequestHandler<Doubler>("sums", "double")
                .AddRequestHandler("sums", "add", static (Sums sums, Pair pair, CancellationToken _) => sums.AddAsync(pair))
                .AddRequestHandler("sums", "count", static (Sums sums, ReceivedRequest request, CancellationToken _) =>
                    Task.FromResult(new Message($"{request.Body.Length}")));
        });
        await host.StartAsync();
        ZMQSocket client = host.Connect(SocketType.Req, "Responder 'sums'");
        Assert.Equal("42", Ask(client, "double", "21"));
        Assert.Equal("""{"Total":5}""", Ask(client, "add", """{"A":2,"B":3}"""));
        Assert.Equal("2", Ask(client, "count", "a", "b"));
        Assert.StartsWith("error|bad-request|No Pair can be read: ", Ask(client, "add", "soup"), StringComparison.Ordinal);
        Assert.Equal("error|unknown-name|There is no handler of the name 'steal'.", Ask(client, "steal"));
        Assert.Equal("error|failed|The handler gave no answer.", Ask(client, "add", """{"A":0,"B":0}"""));
        Deadline.WaitUntil(static () => ScopeProbe.Open == 0);
    }

    [Fact]
    public async Task A_class_for_all_others_stands_beside_those_by_name()
    {
        await using TestHost host = new(static loop => loop
            .AddResponder<Doubler>("sums", static responder => responder.Bind.Add(Anywhere))
            .AddRequestHandler<Halver>("sums", "halve"));
        await host.StartAsync();
        ZMQSocket client = host.Connect(SocketType.Req, "Responder 'sums'");
        Assert.Equal("4", Ask(client, "halve", "8"));
        Assert.Equal("16", Ask(client, "8"));
    }

    [Fact]
    public async Task A_client_of_the_services_serializer_asks_values()
    {
        await using TestHost host = new(static loop =>
        {
            loop.Services.AddSingleton<IFrameSerializer>(new JsonFrameSerializer(Contracts.Default));
            loop.Services.AddScoped<ScopeProbe>();
            loop.AddResponder("sums", static responder => responder.Bind.Add("inproc://sums"))
                .AddRequestHandler("sums", "add", static (Sums sums, Pair pair, CancellationToken _) => sums.AddAsync(pair))
                .AddRequestClient("client", static client => client.Connect.Add("inproc://sums"));
        });
        await host.StartAsync();
        RequestClient client = host.Services.GetRequiredKeyedService<RequestClient>("client");
        Assert.Equal(new Sum(7), await client.RequestAsync<Pair, Sum>(new Pair(3, 4), "add"));
    }

    [Fact]
    public async Task What_is_missing_ends_the_start_and_says_what_to_add()
    {
        await using TestHost none = new(static loop => loop.AddResponder("sums"));
        Assert.Equal("Responder 'sums' has no handler: add one by AddRequestHandler, or AddResponder<THandler>.",
            (await Assert.ThrowsAsync<InvalidOperationException>(none.StartAsync)).Message);

        await using TestHost mute = new(static loop => loop.AddResponder("sums")
            .AddRequestHandler("sums", "add", static (Sums sums, Pair pair, CancellationToken _) => sums.AddAsync(pair)));
        Assert.StartsWith("Responder 'sums' has no serializer, which its handler of 'add' needs: add one for all, ",
            (await Assert.ThrowsAsync<InvalidOperationException>(mute.StartAsync)).Message, StringComparison.Ordinal);

        await using TestHost needy = new(static loop => loop.AddResponder("sums")
            .AddRequestHandler("sums", "x", static (Sums _, ReceivedRequest _, CancellationToken _) => Task.FromResult(new Message(""))));
        Assert.StartsWith("Responder 'sums' has the handler Sums, which cannot be made: ",
            (await Assert.ThrowsAsync<InvalidOperationException>(needy.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_of_a_responder_that_is_not_there_or_of_a_name_that_has_one_is_refused_at_the_call()
    {
        HostedLoopBuilder loop = new ServiceCollection().AddZmqLoop().AddResponder("sums").AddRequestHandler<Doubler>("sums", "double");
        Assert.StartsWith("There is no responder of the name 'prices': add it first, by AddResponder.", Assert.Throws<ArgumentException>(
            "responder", () => loop.AddRequestHandler<Doubler>("prices", "double")).Message, StringComparison.Ordinal);
        Assert.StartsWith("Responder 'sums' has a handler of 'double' already.", Assert.Throws<ArgumentException>(
            "request", () => loop.AddRequestHandler<Halver>("sums", "double")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_streams_of_a_section_are_added_in_one_call_beside_what_has_such_a_name()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sockets:events:Type"] = "Pub", ["Sockets:events:Bind"] = Anywhere,
            ["Sockets:news:Type"] = "Sub", ["Sockets:news:Bind"] = Anywhere, ["Sockets:news:Subscribe"] = "",
            ["Sockets:sums:Bind"] = Anywhere,
        }).Build();
        await using TestHost host = new(loop => loop
            .AddResponder<Doubler>("sums", configuration.GetSection("Sockets:sums")).AddStreams(configuration.GetSection("Sockets")));
        await host.StartAsync();
        Assert.Equal((SocketType.Pub, SocketType.Sub), (host.Stream("events").Socket.Type, host.Stream("news").Socket.Type));
        Assert.Equal("16", Ask(host.Connect(SocketType.Req, "Responder 'sums'"), "8"));
        Assert.StartsWith("The configuration has no section Streams with a section for each stream in it.",
            Assert.Throws<ArgumentException>("sections", () =>
                new ServiceCollection().AddZmqLoop().AddStreams(configuration.GetSection("Streams"))).Message, StringComparison.Ordinal);
    }

    private static string Ask(ZMQSocket client, params string[] frames)
    {
        TestHost.Send(client, frames);
        return TestHost.Receive(client);
    }

    internal sealed record Pair(int A, int B);

    internal sealed record Sum(int Total);

    [JsonSerializable(typeof(Pair))]
    [JsonSerializable(typeof(Sum))]
    private sealed partial class Contracts : JsonSerializerContext;

    /// <summary>Is no handler by its type; 0 and 0 it forgets to answer.</summary>
    private sealed class Sums(ScopeProbe probe)
    {
        public Task<Sum> AddAsync(Pair pair)
        {
            Assert.True(probe.Number > 0);
            return pair is { A: 0, B: 0 } ? null! : Task.FromResult(new Sum(pair.A + pair.B));
        }
    }
}
