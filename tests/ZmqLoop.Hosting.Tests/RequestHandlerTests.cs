using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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
        Assert.Equal("error|bad-request|The request cannot be read: it has 4 bytes: soup ($).", Ask(client, "add", "soup"));
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

        await using TestHost nobody = new(static loop => loop.AddStream("prices", SocketType.Pull)
            .AddRequestHandler<Doubler>("prices", "double"));
        Assert.Equal("There is no responder 'prices', which is to have the handler of 'double': add one, AddResponder(\"prices\", ...), or "
            + "give AddSockets a section 'prices' whose Type is Responder.",
            (await Assert.ThrowsAsync<InvalidOperationException>(nobody.StartAsync)).Message);

        await using TestHost needy = new(static loop => loop.AddResponder("sums")
            .AddRequestHandler("sums", "x", static (Sums _, ReceivedRequest _, CancellationToken _) => Task.FromResult(new Message(""))));
        Assert.StartsWith("Responder 'sums' has the handler Sums, which cannot be made: ",
            (await Assert.ThrowsAsync<InvalidOperationException>(needy.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_of_a_name_that_has_one_is_refused_at_the_call()
    {
        HostedLoopBuilder loop = new ServiceCollection().AddZmqLoop().AddRequestHandler<Doubler>("sums", "double").AddResponder("sums");
        loop.AddRequestHandler<Doubler>("prices", "double");
        Assert.StartsWith("Responder 'sums' has a handler of 'double' already.", Assert.Throws<ArgumentException>(
            "request", () => loop.AddRequestHandler<Halver>("sums", "double")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_a_section_are_added_in_one_call_each_as_its_type_says_beside_what_has_such_a_name()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sockets:events:Type"] = "Pub", ["Sockets:events:Bind"] = Anywhere,
            ["Sockets:news:Type"] = "Sub", ["Sockets:news:Bind"] = Anywhere, ["Sockets:news:Subscribe"] = "",
            ["Sockets:sums:Bind"] = Anywhere, ["Sockets:sums:Type"] = "Responder",
            ["Sockets:halves:Bind"] = "inproc://halves", ["Sockets:halves:Type"] = "responder", ["Sockets:halves:MaxConcurrency"] = "3",
            ["Sockets:asks:Connect"] = "inproc://halves", ["Sockets:asks:Type"] = "RequestClient", ["Sockets:asks:Timeout"] = "00:01:00",
        }).Build();
        await using TestHost host = new(loop => loop
            .AddRequestHandler<Halver>("halves", "halve")
            .AddResponder<Doubler>("sums", configuration.GetSection("Sockets:sums")).AddSockets(configuration.GetSection("Sockets"))
            .AddRequestHandler<Doubler>("halves", "double"));
        await host.StartAsync();
        Assert.Equal((SocketType.Pub, SocketType.Sub), (host.Stream("events").Socket.Type, host.Stream("news").Socket.Type));
        Assert.Equal("16", Ask(host.Connect(SocketType.Req, "Responder 'sums'"), "8"));
        RequestClient client = host.Services.GetRequiredKeyedService<RequestClient>("asks");
        Assert.Equal(TimeSpan.FromMinutes(1), client.Options.Timeout);
        Assert.Equal("4", (await client.RequestAsync(new Message("halve", "8")))[0].ToText());
        Assert.Equal("16", (await client.RequestAsync(new Message("double", "8")))[0].ToText());
        Assert.StartsWith("The configuration has no section Streams with a section in it for each stream, responder and request client.",
            Assert.Throws<ArgumentException>("sections", () =>
                new ServiceCollection().AddZmqLoop().AddSockets(configuration.GetSection("Streams"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_case_of_names_does_not_matter_whether_code_or_the_environment_spells_them_in_another()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sockets:events:Type"] = "Push", ["Sockets:sums:Type"] = "Responder", ["Sockets:sums:Bind"] = "inproc://sums",
            ["Sockets:client:Type"] = "RequestClient",
        }).AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SOCKETS:EVENTS:BIND"] = Anywhere, ["SOCKETS:SUMS:MAXCONCURRENCY"] = "3", ["SOCKETS:CLIENT:CONNECT"] = "inproc://sums",
        }).Build();
        await using TestHost host = new(loop => loop
            .AddStream("Events", configuration.GetSection("Sockets:Events"))
            .AddSockets(configuration.GetSection("Sockets"))
            .AddRequestHandler<Doubler>("sums", "double"));
        await host.StartAsync();
        Assert.Same(host.Stream("Events"), host.Stream("events"));
        RequestClient client = host.Services.GetRequiredKeyedService<RequestClient>("client");
        Assert.Equal("16", (await client.RequestAsync(new Message("double", "8")))[0].ToText());
        Assert.Same(client, host.Services.GetRequiredKeyedService<RequestClient>("CLIENT"));
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddZmqLoop().AddStream("a", SocketType.Pull).AddResponder("A"));
    }

    [Fact]
    public async Task Who_asks_for_a_name_that_was_not_added_is_told_of_those_that_were()
    {
        await using TestHost host = new(static loop => loop
            .AddRequestClient("payments").AddRequestClient("prices").AddStream("events", SocketType.Pub));
        Assert.Equal("There is no RequestClient of the name 'paymnets': added are 'payments', 'prices'.",
            Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<RequestClient>("paymnets")).Message);
        Assert.Equal("There is no ZMQStream of the name 'payments': added are 'events'.",
            Assert.Throws<InvalidOperationException>(() => host.Stream("payments")).Message);
    }

    [Theory]
    [InlineData("Responder", "MaxInFlight", "3", "Sockets:sums:MaxInFlight is no setting of 'sums': there are Backlog, ")]
    [InlineData("RequestClient", "Retries", "x", "Sockets:sums:Retries is 'x': a whole number is wanted.")]
    [InlineData("Respond", "Bind", Anywhere, "Sockets:sums:Type is 'Respond': one of these is wanted: Pair, ")]
    [InlineData("Respond", "Bind", Anywhere, ", or, in a section that AddSockets reads, Responder or RequestClient.")]
    [InlineData(null, "Bind", Anywhere, "'sums' has no type of socket: set Sockets:sums:Type, such as to Router.")]
    public async Task What_is_wrong_in_such_a_section_ends_the_start_by_its_key(string? type, string key, string value, string message)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sockets:sums:Type"] = type, ["Sockets:sums:" + key] = value,
        }).Build();
        await using TestHost host = new(loop => loop.AddSockets(configuration.GetSection("Sockets")));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_says_nothing_of_errors_answers_them_as_the_loop_says()
    {
        await using TestHost host = new(
            static loop => loop
                .AddResponder<Doubler>("all", static responder => responder.Bind.Add(Anywhere))
                .AddResponder<Doubler>("own", static responder =>
                {
                    responder.Bind.Add(Anywhere);
                    responder.Options = new() { ErrorReply = static (_, error) => new RemoteException("own", error.GetType().Name) };
                }),
            static options => options.ErrorReply = static (request, _) => new RemoteException("loop's", request.Body[0].ToText()));
        await host.StartAsync();
        Assert.Equal("error|loop's|soup", Ask(host.Connect(SocketType.Req, "Responder 'all'"), "soup"));
        Assert.Equal("error|own|FormatException", Ask(host.Connect(SocketType.Req, "Responder 'own'"), "soup"));
    }

    [Fact]
    public async Task What_another_service_answered_a_handler_goes_by_the_loops_rule_and_into_the_log()
    {
        await using TestHost host = new(
            static loop => loop
                .AddResponder<Decliner>("bank", static responder => responder.Bind.Add("inproc://bank"))
                .AddRequestClient("bank's", static client => client.Connect.Add("inproc://bank"))
                .AddResponder("shop", static responder => responder.Bind.Add(Anywhere))
                .AddRequestHandler("shop", "buy", static (Buyer buyer, ReceivedRequest request, CancellationToken stop) =>
                    buyer.Bank.RequestAsync(new Message(request.Body), stop)),
            static options => options.ErrorReply = static (_, error) => error is RemoteException { Code: "declined" } declined
                ? declined : null);
        await host.StartAsync();
        ZMQSocket client = host.Connect(SocketType.Req, "Responder 'shop'");
        Assert.Equal("error|declined|Says the bank.", Ask(client, "buy", "declined"));
        Assert.Equal("error|failed|The server failed.", Ask(client, "buy", "broke"));
        Deadline.WaitUntil(() => host.Log.Count(static line => line.StartsWith("Error: Exception in", StringComparison.Ordinal)) == 2,
            () => string.Join('\n', host.Log));
    }

    [Fact]
    public async Task Without_a_serializer_values_are_JSON_as_the_web_writes_it_and_who_asks_without_contracts_can_read_it()
    {
        await using TestHost host = new(static loop =>
        {
            loop.Services.AddScoped<ScopeProbe>();
            loop.AddResponder("sums", static responder => responder.Bind.Add(Anywhere))
                .AddRequestHandler("sums", "add", static (Sums sums, Pair pair, CancellationToken _) => sums.AddAsync(pair))
                .AddRequestClient("client");
        });
        await host.StartAsync();
        Assert.Equal("""{"total":5}""", Ask(host.Connect(SocketType.Req, "Responder 'sums'"), "add", """{"a":2,"b":3}"""));
        RequestClient client = host.Services.GetRequiredKeyedService<RequestClient>("client");
        await client.IOLoop.InvokeAsync(() => client.Connect(host.EndpointOf("Responder 'sums'")));
        Assert.Equal(new Sum(7), await client.RequestAsync<Pair, Sum>(new Pair(3, 4), "add"));
        Assert.Equal(new Sum(9), await client.RequestJsonAsync<Pair, Sum>(new Pair(4, 5), "add"));
    }

    [Fact]
    public async Task Where_types_may_not_be_looked_at_by_reflection_the_start_says_what_to_register()
    {
        await using TestHost host = new(static _ => { });
        SocketContext context = new("sums", host.Services.GetRequiredKeyedService<HostedLoop>(""), host.Services) { Serializer = null };
        SocketPlan plan = new(SocketType.Router, [], [], static _ => { }, 0);
        using HostedResponder responder = new(context, new SocketPlan<ResponderOptions>(plan, new ResponderOptions()),
            [new TypedRequestHandler<Sums, Pair, Sum>("sums", "add", static (sums, pair, _) => sums.AddAsync(pair))]);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(responder.BindAsync);
        Assert.StartsWith("Responder 'sums' has no serializer, which its handler of 'add' needs, since types may not be looked at by "
            + "reflection here: add one for all, services.AddSingleton<IFrameSerializer>(", error.Message, StringComparison.Ordinal);
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

    private sealed class Decliner : IRequestHandler
    {
        public Task<Message> HandleAsync(ReceivedRequest request, CancellationToken cancellationToken) =>
            throw new RemoteException(request.Body[0].ToText(), "Says the bank.");
    }

    private sealed class Buyer([FromKeyedServices("bank's")] RequestClient bank)
    {
        public RequestClient Bank => bank;
    }

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
