using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>ROUTER and STREAM: the peers that have no room, each with a line of the messages for it that were set aside, so that they hold
/// up no others. Loop's thread.</summary>
internal sealed class BlockedPeers
{
    private readonly Dictionary<Frame, Line> _lines = []; // by the peer's routing id
    private readonly Queue<Line> _turns = new();

    public int Count => _lines.Count;

    /// <summary>The peer of this message has no room.</summary>
    public void Add(QueuedMessage message)
    {
        Line line = new(Frame.Copy(message.Message[0].Span));
        line.Messages.Enqueue(message);
        _lines.Add(line.Peer, line);
        _turns.Enqueue(line);
    }

    /// <summary>Puts a message at the end of its peer's line, where there is one.</summary>
    public bool TryAdd(QueuedMessage message)
    {
        if (_lines.Count == 0 || !_lines.TryGetValue(message.Message[0], out Line? line)) return false;
        line.Messages.Enqueue(message);
        return true;
    }

    /// <summary>The line whose turn it is; give it back with <see cref="Return"/>.</summary>
    public bool TryTake([NotNullWhen(true)] out Line? line) => _turns.TryDequeue(out line);

    /// <summary>The line is the last one now; or gone, where nobody waits in it any more.</summary>
    public void Return(Line line)
    {
        if (line.Messages.Count > 0) _turns.Enqueue(line);
        else _lines.Remove(line.Peer);
    }

    public void Clear()
    {
        _lines.Clear();
        _turns.Clear();
    }

    public sealed class Line(Frame peer)
    {
        public Frame Peer => peer;

        /// <summary>In order. Those that were dropped meanwhile are still here.</summary>
        public Queue<QueuedMessage> Messages { get; } = new();
    }
}
