using System.Net;
using System.Net.Sockets;
using ZmqLoop.Streams;

namespace ZmqLoop.Fuzz;

/// <summary>Any number of hostile inputs, while a healthy client asks all the time.</summary>
internal sealed class Fuzzing(int seed, int count, int first)
{
    private const int Attackers = 8;
    private const int WarmUp = 64;

    private static readonly (SocketType Ours, string Theirs)[] _pairs =
    [
        (SocketType.Router, "DEALER"), (SocketType.Rep, "REQ"), (SocketType.Pull, "PUSH"), (SocketType.Pub, "SUB"),
        (SocketType.XPub, "SUB"), (SocketType.Dealer, "ROUTER"), (SocketType.Sub, "PUB"), (SocketType.XSub, "XPUB"),
    ];

    private static readonly string[] _faults = ["connection", "listener", "connector", "other"];

    private int _taken;
    private int _done;
    private int _killing;

    public static async Task<int> RunAsync(string role, int seed, int count, int first)
    {
        await using GuardWorld world = new(new NetMQEngineOptions { IOThreads = 2 });
        world.AskAllTheTime(world.Serve());
        Fuzzing warm = new(seed, WarmUp, first);
        await warm.RunAsync(role, world);
        Footprint before = Footprint.Take();
        long answersBefore = world.Answers;
        Fuzzing run = new(seed, count, first);
        long start = TimeProvider.System.GetTimestamp();
        await run.RunAsync(role, world);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);
        world.WaitForAnswer();
        Footprint after = Footprint.WaitFor(before);
        Console.WriteLine(
            $"""
            {role}, seed {seed}: {run._done} inputs from number {first} in {took.TotalSeconds:0} s, {run._killing} of the killing kinds
            contained: {string.Join(", ", _faults.Select(fault => $"{world.Contained(fault)} {fault}"))}
            healthy client: {world.Answers - answersBefore} answers, the slowest after {world.Slowest.TotalMilliseconds:0} ms
            before: {before}
            after:  {after}
            """);
        if (run._done != count || world.Contained("other") > 0 || world.Contained("connection") < run._killing)
            return Fail(world, "not all was done, or contained");
        return after.IsLike(before) ? 0 : Fail(world, "the process has grown");
    }

    private static int Fail(GuardWorld world, string why)
    {
        string last = world.Loggers.Entries.Select(static entry => $"{entry.Text}: {entry.Exception}").LastOrDefault() ?? "no log";
        Console.WriteLine($"FAILED: {why}. {last}");
        return 1;
    }

    private Task RunAsync(string role, GuardWorld world) => role == "server" ? AttackServersAsync(world) : AttackClientsAsync(world);

    private async Task AttackServersAsync(GuardWorld world)
    {
        List<ZMQStream> servers = [];
        int[] ports = [.. _pairs.Select(pair => world.Serve(pair.Ours, Configure, servers.Add))];
        await Task.WhenAll(Enumerable.Range(0, Attackers).Select(_ => Task.Run(async () =>
        {
            while (TryNext(out HostileInput? input, out int pair))
            {
                await Attacker.SendAsync(ports[pair], input, CancellationToken.None);
                Count(input);
            }
        })));
        servers.ForEach(world.Close);
        servers.Clear(); // whoever awaits this runs inside of it, with what it holds

        static void Configure(ZMQSocket socket)
        {
            if (socket.Type == SocketType.Sub) socket.Subscribe("");
            if (socket.Type == SocketType.Pull) socket.ReceiveHighWaterMark = 3;
        }
    }

    private async Task AttackClientsAsync(GuardWorld world)
    {
        List<(Socket Listener, ZMQStream Client, int Pair)> pairs = [];
        for (int i = 0; i < Attackers; i++)
        {
            Socket listener = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(100);
            ZMQStream client = world.Open(_pairs[i].Ours, static socket => socket.ReconnectInterval = TimeSpan.FromMilliseconds(1));
            pairs.Add((listener, client, i));
            world.Do(() =>
            {
                if (client.Socket.Type == SocketType.Sub) client.Socket.Subscribe("");
                if (client.Socket.Type != SocketType.Pub)
                {
                    client.OnRecv(message =>
                    {
                        if (client.Socket.Type == SocketType.Rep) client.Send(message); // or it takes no other
                    });
                }

                client.Connect($"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");
                return true;
            });
        }

        await Task.WhenAll(pairs.Select(pair => Task.Run(() => Attacker.ServeAsync(
            pair.Listener, () => TryNext(out HostileInput? input, out _, pair.Pair) ? input : null, Count, CancellationToken.None))));
        foreach ((Socket listener, ZMQStream client, _) in pairs)
        {
            listener.Dispose();
            world.Close(client);
        }

        pairs.Clear();
    }

    private bool TryNext(out HostileInput input, out int pair, int? only = null)
    {
        int index = first + Interlocked.Increment(ref _taken) - 1;
        pair = only ?? index % _pairs.Length;
        input = index - first < count ? HostileInputs.Number(seed, index, _pairs[pair].Theirs) : null!;
        return input is not null;
    }

    private void Count(HostileInput input)
    {
        if (input.Kills) Interlocked.Increment(ref _killing);
        Interlocked.Increment(ref _done);
    }
}
