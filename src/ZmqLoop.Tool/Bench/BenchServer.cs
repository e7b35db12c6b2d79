using System.Globalization;
using ZmqLoop.Streams;

namespace ZmqLoop.Tool.Bench;

/// <summary>The side that answers, and counts what comes. Loop's thread.</summary>
internal sealed class BenchServer(IOLoop loop, ZMQStream stream)
{
    private const int MostPeers = 1000;

    private readonly Dictionary<string, (long Left, double First)> _peers = [];

    public void Take(Message message)
    {
        if (message.Count < 2) return;
        string peer = Convert.ToHexString(message[0].Span);
        ReadOnlySpan<Frame> body = message.Frames[1..];
        if (body.Length == 1) Count(message, peer);
        else if (BenchProtocol.Is(body, BenchProtocol.Echo)) stream.Send(message);
        else if (BenchProtocol.Is(body, BenchProtocol.Count)) Begin(message, peer, body[2].ToText());
    }

    private void Begin(Message message, string peer, string count)
    {
        if (!long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long left) || left <= 0) return;
        if (_peers.Count >= MostPeers) _peers.Clear(); // who did not end what they began
        _peers[peer] = (left, 0);
        stream.Send(BenchProtocol.Make(BenchProtocol.Ready, count).Prepend(message[0]));
    }

    private void Count(Message message, string peer)
    {
        if (!_peers.TryGetValue(peer, out (long Left, double First) state)) return;
        double now = loop.Time();
        if (state.First == 0) state.First = now;
        state.Left--;
        if (state.Left > 0)
        {
            _peers[peer] = state;
            return;
        }

        _peers.Remove(peer);
        string seconds = (now - state.First).ToString("R", CultureInfo.InvariantCulture);
        stream.Send(BenchProtocol.Make(BenchProtocol.Done, seconds).Prepend(message[0]));
    }
}
