namespace TaskService.Demo;

/// <summary>What can be set on the command line of <c>demo</c>.</summary>
internal sealed record DemoOptions(int Requests, int Clients, string Log)
{
    public static DemoOptions From(Arguments arguments)
    {
        DemoOptions options = new(
            arguments.Number("requests", 10_000),
            arguments.Number("clients", 4),
            arguments.Text("log", Path.Combine(Path.GetTempPath(), $"taskservice-{Environment.ProcessId}.log")));
        if (options.Clients < 1 || options.Requests < 60 * options.Clients + 60)
            throw new UsageException("The demo needs one client or more, 60 requests for each, and 60 more for those that vanish.");
        return options;
    }
}
