using System.Text.Json.Nodes;
using ZmqLoop.Streams;

namespace ZmqLoop.Interop;

/// <summary>The service of docs/hosting.md between its clients, its payments and those who hear of its orders.</summary>
public sealed class OrderServiceTests
{
    [Fact]
    public async Task An_order_is_paid_written_down_told_of_and_found_again()
    {
        await using OrderWorld world = await OrderWorld.StartAsync(static (payment, _) => Receipt(payment));
        JsonNode placed = await world.AskAsync("place", Order("a", 6));
        Assert.Equal("""{"id":"a","item":"pears","count":6,"receipt":42}""", placed.ToJsonString());
        Assert.Equal(placed.ToJsonString(), (await world.AskAsync("find", new JsonObject { ["id"] = "a" })).ToJsonString());
        Assert.Equal(placed.ToJsonString(), (await world.AskAsync("place", Order("a", 6))).ToJsonString());
        Assert.Equal(1, world.Payments);
        Assert.Equal("Healthy", await world.HealthAsync());

        // Its subscriber is there for sure when it has heard of one.
        for (int i = 0; world.Events.IsEmpty; i++) await world.AskAsync("place", Order($"a{i}", 1));
        Assert.StartsWith("""placed|{"id":"a""", world.Events.First(), StringComparison.Ordinal);

        string output = await world.StopAsync();
        Assert.Matches(@"Activity\.DisplayName: +process place\b", output);
        Assert.Matches(@"Activity\.DisplayName: +request payments\b", output);
    }

    [Fact]
    public async Task Each_thing_that_goes_wrong_is_an_answer_with_a_code()
    {
        await using OrderWorld world = await OrderWorld.StartAsync(static (payment, _) =>
            (int)payment["amount"]! > 100 ? throw new RemoteException((int)payment["amount"]! > 1000 ? "ledger-7" : "declined", "Too much.")
                : Receipt(payment));
        Assert.Equal("bad-order", await world.CodeOfAsync("place", Order("a", 0)));
        Assert.Equal("declined", await world.CodeOfAsync("place", Order("b", 100)));
        Assert.Equal("internal", await world.CodeOfAsync("place", Order("c", 1000))); // what payments say else is not the clients'
        Assert.Equal("no-order", await world.CodeOfAsync("find", new JsonObject { ["id"] = "b" }));
        Assert.Equal("bad-request", await world.CodeOfAsync("find", JsonValue.Create("b")));
        Assert.Equal("unknown-name", await world.CodeOfAsync("steal", new JsonObject()));
        Assert.Contains("ledger-7: ", await world.StopAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payment_whose_answer_is_lost_is_asked_again_and_where_none_comes_the_client_is_told()
    {
        int lost = 1;
        await using OrderWorld world = await OrderWorld.StartAsync(async (payment, cancelled) =>
        {
            if ((string?)payment["orderId"] == "never" || lost-- > 0) await new TaskCompletionSource().Task.WaitAsync(cancelled);
            return await Receipt(payment);
        }, "--Sockets:payments:Timeout=00:00:05", "--Sockets:payments:TryTimeout=00:00:00.2");
        Assert.Equal(7, (int?)(await world.AskAsync("place", Order("a", 1)))["receipt"]);
        Assert.Equal(2, world.Payments);
        Assert.Equal("payments-away", await world.CodeOfAsync("place", Order("never", 1)));
        Assert.Equal("no-order", await world.CodeOfAsync("find", new JsonObject { ["id"] = "never" }));
    }

    [Fact]
    public async Task What_had_come_when_it_is_told_to_stop_is_answered()
    {
        const int Orders = 50;
        TaskCompletionSource isStopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrderWorld world = await OrderWorld.StartAsync(async (payment, cancelled) =>
        {
            await isStopping.Task.WaitAsync(cancelled);
            return await Receipt(payment);
        });
        Task<JsonNode>[] asked = [.. Enumerable.Range(0, Orders).Select(i => world.AskAsync("place", Order($"{i}", 1)))];
        Deadline.WaitUntil(() => world.Payments > 0);
        string output = await world.StopAsync(isStopping.SetResult);
        Assert.Equal(Orders, (await Task.WhenAll(asked)).Select(static placed => (string?)placed["id"]).Distinct().Count());
        Assert.Contains("Responder 'orders' has finished", output, StringComparison.Ordinal);
    }

    private static JsonObject Order(string id, int count) => new() { ["id"] = id, ["item"] = "pears", ["count"] = count };

    private static Task<JsonNode> Receipt(JsonNode payment) =>
        Task.FromResult<JsonNode>(new JsonObject { ["number"] = (int)payment["amount"]! });
}
