using System.CommandLine;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.CommandLine;

/// <summary>A command, with what its help shows below the options.</summary>
internal abstract class ToolCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines as one types them, without the tool's name; text behind # says what they do.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Lets the command run on a loop of its own.</summary>
    protected void RunOnLoop(Func<Session, ParseResult, Task<int>> work) =>
        SetAction(result => Session.Run(result, session => work(session, result)));
}
