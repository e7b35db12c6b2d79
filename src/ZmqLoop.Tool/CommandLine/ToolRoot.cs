using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ZmqLoop.Tool.Commands;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.CommandLine;

/// <summary>All commands, and how a command line is read.</summary>
internal static class ToolRoot
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
            ErrorLine.Write($"{string.Join(" ", result.Errors.Select(static error => error.Message))} See {command} --help.");
            return ExitCode.WrongUse;
        }

        return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
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

    private static string NameOf(Command command)
    {
        string[] parents = [.. command.Parents.OfType<Command>().Take(1).Select(NameOf)];
        return command is RootCommand ? Name : $"{parents[0]} {command.Name}";
    }
}
