namespace TaskService.Service;

/// <summary>What can be set on the command line of <c>serve</c>.</summary>
internal sealed record ServiceOptions
{
    /// <summary>Where requests come in.</summary>
    public string Front { get; init; } = "tcp://127.0.0.1:5555";

    /// <summary>Where progress is published.</summary>
    public string Progress { get; init; } = "tcp://127.0.0.1:5556";

    /// <summary>A request with a longer body is answered with <c>too_large</c>; the connection stays.</summary>
    public int MaxBody { get; init; } = 8 * 1024 * 1024;

    /// <summary>A request that takes longer is answered with <c>timeout</c>.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long Ctrl-C waits for requests that have come, and then for those in flight.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Progress is published after so many requests.</summary>
    public int ProgressEvery { get; init; } = 500;

    public static ServiceOptions From(Arguments arguments)
    {
        ServiceOptions defaults = new();
        return new ServiceOptions
        {
            Front = arguments.Text("front", defaults.Front),
            Progress = arguments.Text("progress", defaults.Progress),
            MaxBody = arguments.Number("max-body", defaults.MaxBody),
            Deadline = TimeSpan.FromSeconds(arguments.Number("deadline", (int)defaults.Deadline.TotalSeconds)),
            DrainLimit = TimeSpan.FromSeconds(arguments.Number("drain", (int)defaults.DrainLimit.TotalSeconds)),
            ProgressEvery = arguments.Number("progress-every", defaults.ProgressEvery),
        };
    }
}
