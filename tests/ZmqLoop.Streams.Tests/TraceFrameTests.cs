using System.Diagnostics;

namespace ZmqLoop.Streams.Tests;

/// <summary>What is taken for the frame of a trace, and what of it.</summary>
[Collection(nameof(MeterTests))]
public sealed class TraceFrameTests : IDisposable
{
    private const string Parent = "00-07070707070707070707070707070707-0808080808080808-01";

    private readonly Tracing _tracing = new();

    private ZMQStreamOptions Options => new() { Name = _tracing.Name, PropagateTrace = true };

    public void Dispose() => _tracing.Dispose();

    [Theory]
    [InlineData("traceparent: " + Parent, true)]
    [InlineData("traceparent: 00-07070707070707070707070707070707-0808080808080808-ff", true)] // the last bit alone has a meaning
    [InlineData("traceparent: 00-07070707070707070707070707070707-0808080808080808-0A", false)]
    [InlineData("traceparent: " + Parent + "\r\ntracestate: a=1", false)]
    [InlineData("traceparent: " + Parent + "\n", false)]
    [InlineData("traceparent: " + Parent + "\ntracestate: a=1\n", false)]
    [InlineData("traceparent: " + Parent + "\ntracestate: a=1\r", false)]
    [InlineData("traceparent: " + Parent + "\nbaggage: a=b\ntracestate: ours=1", true)]
    [InlineData("traceparent: " + Parent + "\ntracestate: \u0007", true)] // the state alone is worth nothing
    [InlineData("traceparent: " + Parent + "\ntracestate: \u00e9=1", true)]
    [InlineData("traceparent: " + Parent + "-more", false)]
    [InlineData("traceparent: 01" + "-07070707070707070707070707070707-0808080808080808-01", false)]
    [InlineData("traceparent: ff-07070707070707070707070707070707-0808080808080808-01", false)]
    [InlineData("traceparent: 00-00000000000000000000000000000000-0808080808080808-01", false)]
    [InlineData("traceparent: 00-07070707070707070707070707070707-0000000000000000-01", false)]
    [InlineData("traceparent: 00-0707070707070707070707070707070G-0808080808080808-01", false)]
    [InlineData("traceparent: 00-0707070707070707070707070707070A-0808080808080808-01", false)]
    [InlineData("traceparent: ", false)]
    [InlineData("traceparent:" + Parent, false)]
    [InlineData("Traceparent: " + Parent, false)]
    [InlineData("", false)]
    public void What_is_not_exactly_such_a_frame_stays_and_breaks_nothing(string frame, bool taken)
    {
        using StreamWorld world = new(Options);
        world.Socket.Arrive(new Message("body", frame));
        world.LogReceived();
        world.Run();
        Assert.Equal([taken ? "body" : "body|" + frame], world.Log);
        Assert.Equal(taken ? "0808080808080808" : "0000000000000000", _tracing.The("process").ParentSpanId.ToHexString());
        Assert.Equal(frame.Contains("ours", StringComparison.Ordinal) ? "ours=1" : null, _tracing.The("process").TraceStateString);
        Assert.Empty(world.Errors);
    }

    [Theory]
    [InlineData("ours=1", true)]
    [InlineData("ours=a b ,\t0-_*/@x=~!, ,", true)] // members may stand apart, and be missing
    [InlineData("BAD STATE", false)]
    [InlineData("Ours=1", false)]
    [InlineData("ours", false)]
    [InlineData("ours=", false)]
    [InlineData("=1", false)]
    [InlineData("ours=1=2", false)]
    [InlineData("ours=1,theirs=2,ours=3", false)]
    [InlineData("ours=1,theirs", false)]
    [InlineData(" , ", false)]
    [InlineData("ours=\u00e9", false)]
    [InlineData("\u00a0ours=1", false)]
    public void A_state_that_W3C_does_not_allow_is_neither_taken_nor_sent(string state, bool allowed) =>
        AssertState(state, allowed);

    [Theory]
    [InlineData(256, 1, true)]
    [InlineData(257, 1, false)]
    [InlineData(10, 32, true)]
    [InlineData(10, 33, false)]
    [InlineData(100, 6, false)] // more than 512 characters
    public void A_state_has_members_and_values_of_limited_number_and_length(int value, int members, bool allowed) =>
        AssertState(string.Join(',', Enumerable.Range(0, members).Select(i => $"k{i}={new string('x', value)}")), allowed);

    private void AssertState(string state, bool allowed)
    {
        using StreamWorld world = new(Options);
        world.Socket.Arrive(new Message("body", $"traceparent: {Parent}\ntracestate: {state}"));
        world.LogReceived();
        world.Run();
        Assert.Equal(["body"], world.Log);
        Assert.Equal(allowed ? state : null, _tracing.The("process").TraceStateString);

        using Activity work = new("work") { TraceStateString = state };
        work.Start();
        world.Stream.Send("1");
        world.Run();
        Assert.Equal(allowed, world.Socket.Outbox.Single().EndsWith($"\ntracestate: {state}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_is_never_left_without_a_frame_of_its_senders()
    {
        using StreamWorld dealer = new(Options);
        dealer.Socket.Arrive("traceparent: " + Parent);
        dealer.LogReceived();
        dealer.Run();
        using StreamWorld router = new(Options, SocketType.Router);
        router.Socket.Arrive(new Message("peer", "traceparent: " + Parent));
        router.Socket.Arrive(new Message("peer", "body", "traceparent: " + Parent));
        router.LogReceived();
        router.Run();
        Assert.Equal(["traceparent: " + Parent], dealer.Log);
        Assert.Equal(["peer|traceparent: " + Parent, "peer|body"], router.Log);
    }
}
