namespace ZmqLoop.Interop.Peers;

/// <summary>An example that serves at the endpoint in its argument, with two questions and what it answers.</summary>
internal sealed record ExampleService(string Project, (string Question, string Answer) First, (string Question, string Answer) Second)
{
    /// <summary>What it runs with, beside what this process has.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    public static ExampleService On(EngineUnderTest engine) =>
        new("Quickstart", ("16", "4"), ("25", "5")) { Environment = engine.Environment };

    public ExampleProcess Start(string endpoint) => ExampleProcess.Start(Project, [endpoint], Environment);
}
