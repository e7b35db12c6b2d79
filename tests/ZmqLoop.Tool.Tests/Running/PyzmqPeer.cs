namespace ZmqLoop.Tool.Tests.Running;

/// <summary>pyzmq on the other side: prelude.py has the names that a test's code may use.</summary>
internal static class PyzmqPeer
{
    /// <summary>Starts a peer, which is given the rest as arguments.</summary>
    public static ToolProcess Start(string code, string endpoint, params string[] arguments)
    {
        Pyzmq.SkipIfMissing();
        return ToolProcess.StartProgram(
            [Pyzmq.Path, Path.Combine(AppContext.BaseDirectory, "Running", "prelude.py"), code, endpoint, .. arguments]);
    }

    /// <summary>Runs a peer to its end.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string[]> RunAsync(string code, string endpoint, params string[] arguments)
    {
        using ToolProcess peer = Start(code, endpoint, arguments);
        return (await peer.EndAsync()).With(0).Lines;
    }
}
