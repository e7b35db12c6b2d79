namespace ZmqLoop.Interop.Cluster;

/// <summary>docs/scaling.md's broker, workers and client, each a process: what was accepted is answered, whichever worker dies.</summary>
public sealed class ClusterTests
{
    private const int Requests = 10_000;

    [Fact]
    public Task On_one_host_a_worker_that_is_killed_and_one_that_joins_cost_no_request()
    {
        Host host = new([], "127.0.0.1", "127.0.0.1");
        return LosesNothingAsync("127.0.0.1", host, host, host, static () => { });
    }

    [Fact]
    public async Task Across_three_networks_a_host_that_vanishes_and_one_that_joins_cost_no_request()
    {
        using Networks? networks = Networks.TryCreate(out string why, others: 2);
        Assert.SkipWhen(networks is null, why);
        await LosesNothingAsync("*", new Host(networks.InHere, "127.0.0.1", "127.0.0.1"), OtherHost(networks, 0), OtherHost(networks, 1),
            () => networks.SetConnected(false, other: 0)); // without a word: no connection of it is reset
    }

    [Fact]
    public async Task A_worker_that_is_told_to_end_ends_what_it_has_and_the_probe_says_who_answers()
    {
        Host host = new([], "127.0.0.1", "127.0.0.1");
        using ExampleProcess broker = StartBroker("127.0.0.1", host);
        string[] ports = await PortsAsync(broker);
        using ExampleProcess worker = StartWorker(host, ports);
        string at = await worker.ReadToAsync("working at ");
        foreach (string endpoint in (string[])[at, $"tcp://127.0.0.1:{ports[0]}"])
        {
            using ExampleProcess probe = Start(host, "probe", endpoint);
            Assert.Equal((0, ""), await probe.EndAsync());
        }

        await broker.ReadToAsync($"worker {at} joined");
        using ExampleProcess watch = Start(host, "watch", $"tcp://127.0.0.1:{ports[3]}");
        using ExampleProcess client = Start(host, "client", $"tcp://127.0.0.1:{ports[0]}", $"{Requests}");
        await client.ReadToAsync("answers so far: 200");
        Assert.StartsWith("[squared, ", await watch.ReadToAsync("event: "), StringComparison.Ordinal);
        using ExampleProcess second = StartWorker(host, ports);
        await broker.ReadToAsync("worker ");
        await worker.InterruptAsync();
        Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        Assert.Equal($"{Requests} of {Requests}", await client.ReadToAsync("answered "));
    }

    [Fact]
    public async Task A_broker_that_is_killed_and_started_again_costs_no_request_of_a_client_that_asks_again()
    {
        const int Some = 2_000;
        Host host = new([], "127.0.0.1", "127.0.0.1");
        using ExampleProcess broker = StartBroker("127.0.0.1", host);
        string[] ports = await PortsAsync(broker);
        using ExampleProcess worker = StartWorker(host, ports);
        string at = await worker.ReadToAsync("working at ");
        await broker.ReadToAsync($"worker {at} joined");
        using ExampleProcess client = Start(host, "client", $"tcp://127.0.0.1:{ports[0]}", $"{Some}");
        await client.ReadToAsync("answers so far: 200");
        broker.Kill();
        using ExampleProcess again = Start(host, ["broker", .. ports.Select(static port => $"tcp://127.0.0.1:{port}")]);
        await again.ReadToAsync($"worker {at} joined");
        Assert.Equal($"{Some} of {Some}", await client.ReadToAsync("answered ")); // what it had, when the time of a try is over
    }

    private static Host OtherHost(Networks networks, int other) =>
        new(networks.InOther(other), Networks.AddressOf(other), Networks.HereFor(other));

    private static async Task LosesNothingAsync(string any, Host middle, Host dying, Host joining, Action vanish)
    {
        using ExampleProcess broker = StartBroker(any, middle);
        string[] ports = await PortsAsync(broker);
        using ExampleProcess first = StartWorker(dying, ports);
        string at = await first.ReadToAsync("working at ");
        await broker.ReadToAsync($"worker {at} joined");
        using ExampleProcess client = Start(middle, "client", $"tcp://127.0.0.1:{ports[0]}", $"{Requests}");
        await client.ReadToAsync("answers so far: 200");
        vanish();
        first.Kill();
        string given = await broker.ReadToAsync($"worker {at} "); // it had some, which the broker holds until another worker comes
        Assert.Matches("^is gone: [1-9][0-9]* requests go to others$", given);
        using ExampleProcess second = StartWorker(joining, ports);
        Assert.Equal($"{Requests} of {Requests}", await client.ReadToAsync("answered "));
    }

    private static ExampleProcess StartBroker(string any, Host host) =>
        Start(host, ["broker", .. Enumerable.Repeat($"tcp://{any}:{(any == "*" ? "0" : "*")}", 4)]);

    /// <summary>For requests, workers, events in and events out.</summary>
    private static async Task<string[]> PortsAsync(ExampleProcess broker)
    {
        List<string> ports = [];
        foreach (string line in (string[])["requests at ", "workers at ", "events in at ", "events out at "])
            ports.Add((await broker.ReadToAsync(line)).Split(':')[^1]);
        return [.. ports];
    }

    private static ExampleProcess StartWorker(Host host, string[] ports) =>
        Start(host, "worker", $"tcp://{host.Address}:*", $"tcp://{host.Broker}:{ports[1]}", $"tcp://{host.Broker}:{ports[2]}");

    private static ExampleProcess Start(Host host, params string[] arguments) =>
        ExampleProcess.Start("Cluster", arguments, EngineUnderTest.Current.Environment, host.In);

    /// <param name="In">What its commands begin with.</param>
    /// <param name="Address">Its own.</param>
    /// <param name="Broker">The broker's, as this host sees it.</param>
    private sealed record Host(IReadOnlyList<string> In, string Address, string Broker);
}
