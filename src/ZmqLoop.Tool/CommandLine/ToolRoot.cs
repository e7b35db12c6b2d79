using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using ZmqLoop.Tool.Commands;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.CommandLine;

/// <summary>All commands, and how a command line is read.</summary>
internal static partial class ToolRoot
{
    /// <summary>As it is called on the command line.</summary>
    public const string Name = "zmqloop";

    private const string Description =
        "Speaks ZeroMQ on the command line. Exit codes: 0 done, 1 failed, 2 wrong use, 124 timed out, 130 and 143 ended by a signal. "
        + "https://github.com/zmqloop/zmqloop/blob/main/docs/tool.md";

    public static int Run(string[] arguments)
    {
        ParseResult result = Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null }); // @file is a frame
        if (result.Errors.Count > 0 && result.Action is null or ParseErrorAction)
        {
            string command = NameOf(result.CommandResult.Command);
            ErrorLine.Write($"{string.Join(" ", result.Errors.Select(static error => TextOf(error)))} See {command} --help.");
            return ExitCode.WrongUse;
        }

        try
        {
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failure.Report(exception, verbose: false); // of help and completion; others write in a session
        }
    }

    private static RootCommand Create()
    {
        RootCommand root = new(Description)
        {
            new SubCommand(), new PubCommand(), new PushCommand(), new PullCommand(), new ReqCommand(), new RepCommand(),
            new DealerCommand(), new RouterCommand(), new ProxyCommand(), new MonitorCommand(), new KeygenCommand(),
            new BenchCommand(), new TopCommand(), new CompletionCommand(),
        };
        root.Options.Add(SessionOptions.Engine);
        root.Options.Add(SessionOptions.Quiet);
        root.Options.Add(SessionOptions.Verbose);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        foreach (string alias in help.Aliases.Where(static alias => alias.StartsWith('/')).ToArray()) help.Aliases.Remove(alias);
        help.Action = new ExamplesHelp((HelpAction)help.Action!);
        root.Directives.OfType<SuggestDirective>().Single().Action = new Suggestions();
        return root;
    }

    /// <summary>The library names the types of .NET; what is parsed by it, and not by parsers of this tool, are numbers.</summary>
    private static string TextOf(ParseError error) =>
        NoNumber().Replace(error.Message, "$2 takes a whole number: '$1' is none, or too large.");

    [GeneratedRegex("^Cannot parse argument '(.*)' for option '(.*)' as expected type '.*'\\.", RegexOptions.Singleline)]
    private static partial Regex NoNumber();

    private static string NameOf(Command command)
    {
        string[] parents = [.. command.Parents.OfType<Command>().Take(1).Select(NameOf)];
        return command is RootCommand ? Name : $"{parents[0]} {command.Name}";
    }
}
