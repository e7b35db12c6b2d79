namespace TaskService;

/// <summary><c>--engine</c>: for this process, and for those that it starts.</summary>
internal static class EngineChoice
{
    private const string Variable = "ZMQLOOP_ENGINE";

    /// <summary>Before the first loop, socket or poller is made: none named leaves it to the environment, and that to NetMQ.</summary>
    public static void Make(string engine)
    {
        if (engine.Length == 0) return;
        if (engine is not ("netmq" or "libzmq")) throw new UsageException($"--engine is netmq or libzmq, not '{engine}'.");
        Environment.SetEnvironmentVariable(Variable, engine);
    }
}
