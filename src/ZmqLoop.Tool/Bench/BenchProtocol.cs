using System.Text;

namespace ZmqLoop.Tool.Bench;

/// <summary>What <c>bench run</c> and <c>bench serve</c> say to each other, DEALER and ROUTER: a message of one frame is one of those that
/// are counted; others begin with the protocol's name and a word.</summary>
internal static class BenchProtocol
{
    /// <summary>Comes back as it is: <c>[name, echo, body]</c>.</summary>
    public const string Echo = "echo";

    /// <summary>So many will come, of one frame each: <c>[name, count, number]</c>. Answered by <c>[name, ready]</c>.</summary>
    public const string Count = "count";

    public const string Ready = "ready";

    /// <summary>All have come: <c>[name, done, seconds]</c>, from the first to the last.</summary>
    public const string Done = "done";

    private static readonly byte[] _name = "zmqloop-bench/1"u8.ToArray();

    public static Message Make(string word, Frame content) => new(_name, word, content);

    /// <summary>True for a message of the protocol's, with the word in its second frame.</summary>
    public static bool Is(ReadOnlySpan<Frame> body, string word) =>
        body.Length == 3 && body[0].Span.SequenceEqual(_name) && body[1].Span.SequenceEqual(Encoding.UTF8.GetBytes(word));
}
