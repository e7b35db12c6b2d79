using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Requests;

/// <summary>Our responder, clients of pyzmq's that know nothing of it, and clients of ours.</summary>
public sealed class ResponderPyzmqTests
{
    private static readonly RequestClientOptions _patient = new() { Requests = new RequestOptions { Timeout = Deadline.Default } };

    [Theory]
    [InlineData("req")]
    [InlineData("dealer")]
    public async Task A_client_of_pyzmqs_gets_answers_and_documented_errors(string kind)
    {
        await using RequestSide side = new();
        (Responder responder, string endpoint) = await side.ResponderAsync(static made =>
        {
            made.OnRequest("root", static request => new Message($"{Math.Sqrt(int.Parse(request.Body[0].Span))}", ""));
            made.OnRequest("later", static async (request, _) =>
            {
                await Task.Yield();
                return new Message(request.Body);
            });
        });
        using PyzmqProcess client = PyzmqProcess.Client(kind, endpoint);
        Assert.Equal(Own("4", ""), await client.AskAsync("root|16"));
        Assert.Equal(Own("a", "", "b"), await client.AskAsync("later|a||b"));
        Assert.Equal(Own("error", "unknown-name", "There is no handler of the name 'cube'."), await client.AskAsync("cube|3"));
        Assert.Equal(Own("error", "FormatException"), (await client.AskAsync("root|soup"))[..^1]);
        Assert.Equal((4L, 2L, 0L), (responder.Replies, responder.ErrorReplies, responder.LostReplies));
        Assert.IsType<FormatException>(Assert.Single(side.Errors));

        string[] Own(params string[] body) => kind == "dealer" ? ["my own number", "", .. body] : body;
    }

    [Fact]
    public async Task Our_client_gets_a_typed_error_and_our_handler_hears_that_it_waits_no_longer()
    {
        TaskCompletionSource<TimeSpan?> cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RequestSide side = new();
        (_, string endpoint) = await side.ResponderAsync(made =>
        {
            made.OnRequest("sold out", static _ => throw new RemoteException("sold-out", "There is none left."));
            made.OnRequest("slow", async (request, token) =>
            {
                using CancellationTokenRegistration end = token.Register(() => cancelled.TrySetResult(request.TimeLeft));
                await side.Loop.Delay(Deadline.Default, token);
                return new Message("never");
            });
        });
        RequestClient client = await side.ClientAsync(_patient, endpoint);
        RemoteException error = await Assert.ThrowsAsync<RemoteException>(() => client.RequestAsync(new Message("sold out")));
        Assert.Equal(("sold-out", "There is none left."), (error.Code, error.Message));
        await Assert.ThrowsAsync<RequestTimeoutException>(() => client.RequestAsync(new Message("slow"),
            new RequestOptions { Timeout = TimeSpan.FromSeconds(0.2), TellsTimeLeft = true }));
        TimeSpan? left = await cancelled.Task.WaitAsync(Deadline.Default, TestContext.Current.CancellationToken);
        Assert.InRange(left!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(0.2));
        Assert.Empty(side.Errors);
    }

    [Fact]
    public async Task A_flood_of_requests_is_answered_whole_though_few_are_handled_at_once()
    {
        const int Count = 5000;
        int most = 0, running = 0;
        await using RequestSide side = new();
        (Responder responder, string endpoint) = await side.ResponderAsync(made => made.OnRequest(async (request, _) =>
        {
            most = Math.Max(most, ++running); // on the loop
            await Task.Yield();
            running--;
            return new Message(request.Body);
        }), new ResponderOptions { MaxConcurrency = 10 });
        RequestClient[] clients = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => side.ClientAsync(_patient, endpoint)))];
        Message[] answers = await Task.WhenAll(Enumerable.Range(0, Count).Select(number => Task.Run(() =>
            clients[number % 4].RequestAsync(new Message($"{number}")), TestContext.Current.CancellationToken)));
        Assert.Equal(Enumerable.Range(0, Count).Select(static number => $"{number}"), answers.Select(static answer => answer.Text()));
        Assert.InRange(most, 2, 10);
        Assert.Equal((Count, 0L), ((int)responder.Replies, responder.LostReplies));
    }

    [Fact]
    public async Task A_responder_that_comes_back_at_its_endpoint_is_found_again()
    {
        await using RequestSide side = new();
        (Responder first, string endpoint) = await side.ResponderAsync(static made => made.OnRequest(static _ => new Message("first")));
        RequestClient client = await side.ClientAsync(_patient, endpoint);
        using PyzmqProcess python = PyzmqProcess.Client("dealer", endpoint);
        Assert.Equal("first", (await client.RequestAsync(new Message("x"))).Text());
        Assert.Equal("first", (await python.AskAsync("x"))[^1]);
        Assert.True(await first.CloseAsync(Deadline.Default));
        RequestOptions again = client.Options with { Retries = 100, TryTimeout = TimeSpan.FromSeconds(0.5) };
        Task<Message> waiting = client.RequestAsync(new Message("x"), again);
        await side.ResponderAsync(static made => made.OnRequest(static _ => new Message("second")), endpoint: endpoint);
        Assert.Equal("second", (await waiting).Text());
        Assert.Equal("second", (await python.AskAsync("x"))[^1]);
    }

    [Fact]
    public async Task Closing_a_client_waits_for_its_answers_and_gives_the_rest_up()
    {
        await using RequestSide side = new();
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        (_, string endpoint) = await side.ResponderAsync(made => made.OnRequest(async (request, _) =>
        {
            await go.Task;
            return new Message(request.Body);
        }));
        RequestClient patient = await side.ClientAsync(_patient, endpoint);
        RequestClient hasty = await side.ClientAsync(_patient, endpoint);
        Task<Message> answered = patient.RequestAsync(new Message("x"));
        Task<Message> lost = hasty.RequestAsync(new Message("y"));
        Task<bool> closed = patient.CloseAsync(Deadline.Default);
        Assert.False(await hasty.CloseAsync(TimeSpan.FromSeconds(0.05)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => lost);
        Assert.False(closed.IsCompleted);
        go.SetResult();
        Assert.Equal("x", (await answered).Text());
        Assert.True(await closed);
    }
}
