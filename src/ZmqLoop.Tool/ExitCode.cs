namespace ZmqLoop.Tool;

/// <summary>How the tool ends: docs/tool.md has the list.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;

    /// <summary>As timeout(1) has it: the time was over, and what was waited for had not come.</summary>
    public const int TimedOut = 124;

    /// <summary>As shells have it: ended by the signal of this number.</summary>
    public static int BySignal(int number) => 128 + number;
}
