using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace ZmqLoop.Tool.CommandLine;

/// <summary><c>zmqloop [suggest] LINE</c>, which the scripts of <c>zmqloop completion</c> ask: what may stand at the end of a command line
/// that was typed so far.</summary>
/// <remarks>The usual action wants to be told where the cursor is, in .NET's characters; shells count bytes or code points.</remarks>
internal sealed class Suggestions : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        string line = parseResult.Tokens.LastOrDefault(static token => token.Type != TokenType.Directive)?.Value ?? "";
        string word = line[(line.LastIndexOf(' ') + 1)..];
        // A value behind = is completed as one behind a space, which is the only one that the library completes.
        string option = word is ['-', ..] ? word[..(word.IndexOf('=', StringComparison.Ordinal) + 1)] : "";
        if (option.Length > 0) line = $"{line[..^word.Length]}{option[..^1]} {word[option.Length..]}";
        ParseResult typed = parseResult.RootCommandResult.Command.Parse(line, parseResult.Configuration);
        foreach (string found in Complete(typed, line.Length)) parseResult.InvocationConfiguration.Output.WriteLine(option + found);
        return ExitCode.Done;
    }

    private static IEnumerable<string> Complete(ParseResult typed, int position)
    {
        try
        {
            return [.. typed.GetCompletions(position).Select(static item => item.InsertText ?? item.Label)];
        }
        catch (InvalidOperationException)
        {
            return []; // where the value stands in the option's own word, as in -fjson, the library looks for a token that is not there
        }
    }
}
