namespace ZmqLoop.Fuzz;

/// <summary>What ends the process, and has to.</summary>
internal static class Ending
{
    /// <summary>A known input without the guard.</summary>
    public static async Task<int> BareAsync(string kind)
    {
        await using GuardWorld world = new(new NetMQEngineOptions { GuardIOThreads = false });
        world.AskAllTheTime(world.Serve());
        bool isSubscription = kind == "subscription";
        int port = world.Serve(isSubscription ? SocketType.XPub : SocketType.Router, static socket => socket.MaxMessageSize = -1);
        await Attacker.SendAsync(port, HostileInputs.OfKind(kind, isSubscription ? "SUB" : "DEALER"), CancellationToken.None);
        world.WaitForAnswer();
        return 0;
    }

    /// <summary>An exception of the application's own, which is nobody else's business.</summary>
    public static async Task<int> ApplicationAsync()
    {
        await using GuardWorld world = new();
        int port = world.Serve();
        world.AskAllTheTime(port);
        await Attacker.SendAsync(port, HostileInputs.OfKind("empty command"), CancellationToken.None);
        Thread thread = new(static () => throw new InvalidOperationException("the application's own"));
        thread.Start();
        thread.Join();
        world.WaitForAnswer();
        return 0;
    }
}
