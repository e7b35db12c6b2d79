namespace ZmqLoop.Tool;

/// <summary>What the user is to be told, in one line: what was wrong, and what to do.</summary>
internal sealed class ToolException(string message, int exitCode = ExitCode.WrongUse) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
