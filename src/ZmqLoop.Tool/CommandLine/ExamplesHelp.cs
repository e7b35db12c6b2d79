using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ZmqLoop.Tool.CommandLine;

/// <summary>The usual help, and the command's examples below it.</summary>
internal sealed class ExamplesHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        using StringWriter help = new();
        parseResult.InvocationConfiguration.Output = help;
        int exitCode = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(help.ToString().Replace(RootCommand.ExecutableName, ToolRoot.Name, StringComparison.Ordinal)); // the file's name
        if (parseResult.CommandResult.Command is not ToolCommand { Examples.Count: > 0 } command) return exitCode;
        output.WriteLine("Examples:");
        foreach (string example in command.Examples) output.WriteLine($"  {ToolRoot.Name} {example}");
        output.WriteLine();
        return exitCode;
    }
}
