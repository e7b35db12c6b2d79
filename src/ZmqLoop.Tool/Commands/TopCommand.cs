using System.CommandLine;
using Spectre.Console;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Terminal;
using ZmqLoop.Tool.Top;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop top</c>.</summary>
internal sealed class TopCommand : ToolCommand
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1); // the page's own pace

    private readonly Argument<string> _url = new("url")
    {
        Description = "Where the service serves its live page.",
        DefaultValueFactory = static _ => "http://127.0.0.1:5080/",
    };

    private readonly Option<TimeSpan?> _interval = Duration.Option("--interval", "How often to look. Default 1s.", "-i");
    private readonly Option<string?> _filter = new("--filter") { Description = "Only streams whose name, type or loop has that in it." };
    private readonly Option<int> _streams = new("--streams") { Description = "How many at most.", DefaultValueFactory = static _ => 20 };

    private readonly Option<bool> _once = new("--once")
    {
        Description = "Shows it once, and ends; as it is where stdout is no terminal.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "With --once: the snapshot as it came." };

    public TopCommand() : base("top",
        "Shows what a service does that serves ZmqLoop.Dashboard: what is wrong, its loops, streams and peers, until q or Ctrl-C.",
        "top                                             # http://127.0.0.1:5080/, where DashboardServer serves",
        "top http://127.0.0.1:5000/zmqloop --filter orders",
        "top http://127.0.0.1:5000/zmqloop --once --json | jq .findings")
    {
        Arguments.Add(_url);
        foreach (Option option in (Option[])[_interval, _filter, _streams, _once, _json]) Options.Add(option);
        RunOnLoop(ShowAsync);
    }

    private async Task<int> ShowAsync(Session session, ParseResult result)
    {
        TimeSpan interval = result.GetValue(_interval) ?? _second;
        if (interval <= TimeSpan.Zero) throw new ToolException("--interval takes a time above zero.");
        using SnapshotClient client = new(result.GetValue(_url)!, result.GetValue(_filter), result.GetValue(_streams));
        if (!result.GetValue(_json) && !result.GetValue(_once) && Screen.IsThere)
        {
            await new LiveView(session, client, interval).RunAsync();
            return ExitCode.Done;
        }

        await client.ReadAsync(session.Stopping); // rates take two looks
        await session.Loop.Delay(_second, session.Stopping);
        if (result.GetValue(_json)) PrintableText.WriteText(session.Output.Buffer, await client.ReadAsync(session.Stopping) + "\n");
        else AnsiConsole.Write(SnapshotView.Of(await client.ReadSnapshotAsync(session.Stopping), AnsiConsole.Profile.Width));
        return ExitCode.Done;
    }
}
