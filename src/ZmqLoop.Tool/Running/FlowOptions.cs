using System.CommandLine;
using ZmqLoop.Tool.CommandLine;

namespace ZmqLoop.Tool.Running;

/// <summary><c>--count</c>, <c>--timeout</c> and <c>--stats</c>.</summary>
internal sealed class FlowOptions
{
    private readonly Option<long?> _count;

    private readonly Option<TimeSpan?> _timeout = Duration.Option("--timeout",
        "Ends when for so long no message has come, or gone out: with 124 where that was too few.", "-t");

    private readonly Option<bool> _stats = new("--stats") { Description = "Counts and rates on stderr, each second and at the end." };

    public FlowOptions(string count) => _count = new Option<long?>("--count", "-n") { Description = count, HelpName = "messages" };

    public void AddTo(Command command)
    {
        command.Options.Add(_count);
        command.Options.Add(_timeout);
        command.Options.Add(_stats);
    }

    public Flow Read(Session session, ParseResult result)
    {
        long? count = result.GetValue(_count);
        if (count < 0) throw new ToolException("--count takes a number of messages.");
        return new Flow(session, count, result.GetValue(_timeout), result.GetValue(_stats));
    }
}
