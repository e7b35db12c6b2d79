using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Terminal;

/// <summary>Counts and rates on stderr, a line each second, and one at the end. Loop's thread.</summary>
internal sealed class FlowReport : IDisposable
{
    private readonly IOLoop _loop;
    private readonly Flow _flow;
    private readonly PeriodicCallback _timer;
    private readonly double _begun;
    private double _last;
    private (long Received, long Sent) _before;

    public FlowReport(IOLoop loop, Flow flow)
    {
        (_loop, _flow) = (loop, flow);
        _begun = _last = loop.Time();
        _timer = new PeriodicCallback(Tell, TimeSpan.FromSeconds(1), loop);
        _timer.Start();
    }

    public void Dispose()
    {
        _timer.Dispose();
        double seconds = Math.Max(_loop.Time() - _begun, 1e-6);
        ErrorLine.Note($"in all, {Units.Seconds(seconds)}: {Of("received", _flow.Received, _flow.Received.Messages / seconds)}, "
            + Of("sent", _flow.Sent, _flow.Sent.Messages / seconds));
    }

    private void Tell()
    {
        double now = _loop.Time();
        double seconds = Math.Max(now - _last, 1e-6);
        (long received, long sent) = (_flow.Received.Messages, _flow.Sent.Messages);
        ErrorLine.Note($"{Of("received", _flow.Received, (received - _before.Received) / seconds)}, "
            + Of("sent", _flow.Sent, (sent - _before.Sent) / seconds));
        (_last, _before) = (now, (received, sent));
    }

    private static string Of(string what, MessageCounter tally, double rate) =>
        $"{Units.Count(tally.Messages)} {what} ({Units.Bytes(tally.Bytes)}, {Units.Count((long)rate)}/s)";
}
