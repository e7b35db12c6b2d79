namespace ZmqLoop.Tool.Tests.Running;

/// <summary>How a process ended, and what it wrote.</summary>
internal sealed record Ending(int ExitCode, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The same, where it ended as it should.</summary>
    public Ending With(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"It ended with {ExitCode} and not {exitCode}. {Output}{Errors}");
        return this;
    }

    /// <summary>What was said to the user: one line and no more, without a stack trace.</summary>
    public string OneLine() => Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
