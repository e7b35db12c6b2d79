using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop sub</c>.</summary>
internal sealed class SubCommand : SocketCommand
{
    private readonly Argument<string[]> _topics = new("topics")
    {
        Description = "How the first frame begins of what is wanted; without them, everything.",
        DefaultValueFactory = static _ => [],
    };

    public SubCommand() : base("sub", "Receives what is published, and writes it to stdout.", "Ends after so many messages.", null,
        "sub --connect tcp://127.0.0.1:5556                     # everything",
        "sub --connect tcp://host:5556 weather. news. --count 10",
        "sub --connect tcp://host:5556 --format json | jq .",
        "sub --connect tcp://host:5556 alive --timeout 10s      # 124 where nothing was heard")
    {
        Arguments.Add(_topics);
    }

    protected override SocketType Type => SocketType.Sub;

    protected override void Prepare(ZMQSocket socket, ParseResult result)
    {
        string[] topics = result.GetValue(_topics)!;
        foreach (string topic in topics.Length == 0 ? [""] : topics) socket.Subscribe(topic);
    }

    protected override Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow) =>
        new Receiving(session, stream, flow, Format.Read(result)).RunAsync();
}
