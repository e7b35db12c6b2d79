namespace ZmqLoop.Streams;

/// <summary>How a <see cref="ZMQStream"/> behaves; fixed when it is made.</summary>
public sealed record ZMQStreamOptions
{
    /// <summary>How many messages a stream may receive, and as many send, before the loop's others get their turn. At least 1.</summary>
    public int MessagesPerTurn { get; init; } = 128;

    /// <summary>How many bytes a stream may receive in one turn, the message that reaches the limit included. At least 1.</summary>
    public long BytesPerTurn { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many frames a message may have that the stream receives. One with more is read to its end, some thousand frames a
    /// turn, and dropped: it is counted (<see cref="ZMQStream.OversizedMessages"/>), and the loop's log has a line, once a minute at most.
    /// The library below has gathered the whole message by then. A REP answers it as it does where a handler throws
    /// (<see cref="ErrorReply"/>); on a REQ it is the answer, and whoever awaits that gets a <see cref="ZMQException"/>. With
    /// <see cref="PropagateTrace"/> there is room for the frame of a trace beside it. At least 1; <see cref="int.MaxValue"/> for no
    /// limit.</summary>
    public int MaxFramesPerMessage { get; init; } = 16_384;

    /// <summary>How many bytes the frames of a received message may have together; as <see cref="MaxFramesPerMessage"/>. For the length of
    /// a frame there is <see cref="ZMQSocket.MaxMessageSize"/>, which ends the connection before the frame takes memory. At least 1;
    /// <see cref="long.MaxValue"/> for no limit.</summary>
    public long MaxBytesPerMessage { get; init; } = 1L << 30;

    /// <summary>How long a stream's receive callbacks may take in one turn, looked at after 1, 2, 4, 8, 16 messages and every 16 from then
    /// on.</summary>
    public TimeSpan TimePerTurn { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Among the streams that are ready in one turn, those with a higher priority are served first: a control stream before a
    /// flooded one.</summary>
    public int Priority { get; init; }

    /// <summary>What happens when a receive callback throws and no stack context consumes it. It is reported in any case.</summary>
    public StreamErrorPolicy ErrorPolicy { get; init; }

    /// <summary>REP: what a client gets whose request's receive callback threw before it answered; null, or a null of its own, for one
    /// empty frame. Without an answer ZeroMQ would let nobody ask any more. Gets the request and the exception, which is reported in any
    /// case, on the loop. Not with <see cref="StreamErrorPolicy.Close"/>.</summary>
    public Func<Message, Exception, Message?>? ErrorReply { get; init; }

    /// <summary>What the stream's peers speak, so that <see cref="Message.Envelope"/>, <see cref="Message.Body"/> and
    /// <see cref="Message.Reply"/> of what it receives know where the one ends and the other begins: for a ROUTER. Null for
    /// <see cref="EnvelopeFormat.RoutingId"/>.</summary>
    public EnvelopeFormat? EnvelopeFormat { get; init; }

    /// <summary>How many async receive callbacks may be under way at once; with 1, the next message waits in the socket until the handler
    /// has ended.</summary>
    public int MaxConcurrency { get; init; } = 1;

    /// <summary>After how long an async receive callback that has not ended is told of in the loop's log, once; infinite for never.
    /// Positive.</summary>
    public TimeSpan HandlerWarning { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long the token of an async receive callback that has not ended is cancelled; infinite, by default, for never.
    /// Where the callback then ends with an <see cref="OperationCanceledException"/>, a <see cref="TimeoutException"/> is reported. One
    /// that goes on nevertheless keeps its place. Positive. Async callbacks without a token are refused by
    /// <see cref="ZMQStream.OnRecv(Func{Message, Task}?, bool)"/> then, since they could not be told.</summary>
    public TimeSpan HandlerTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How many messages <see cref="ZMQStream.Reader"/> may hold that nobody has read yet; of a socket that conflates, the
    /// newest alone. At least 1.</summary>
    public int ReadAhead { get; init; } = 128;

    /// <summary>What the stream is called in logs and measurements; give the same name to all streams of one purpose. Null for
    /// none.</summary>
    public string? Name { get; init; }

    /// <summary>How many bytes of a message the log's entry of a callback that threw, or of a send that failed, quotes: its first frames',
    /// cut and escaped, with where it came from. 0 for nothing of all that, where messages have secrets.</summary>
    public int QuotedBytes { get; init; } = 64;

    /// <summary>True: closing the stream leaves its socket open, such as for another stream, on another loop.</summary>
    public bool LeaveOpen { get; init; }

    /// <summary>For <see cref="ZMQStream.SendObject"/>.</summary>
    public IFrameSerializer? Serializer { get; init; }

    /// <summary>True: what the stream sends has one frame more, its last one, which says where in a trace it was sent (W3C's traceparent
    /// and tracestate, in the words of HTTP's headers), and such a frame is taken off what it receives, and believed: see
    /// <see cref="Message.TraceContext"/>. For peers that do so, too, and only where all of them are your own: a stranger could write into
    /// your traces. Where nothing is traced, nothing is added; nor to what an XSUB sends. Sockets whose messages have one frame alone are
    /// refused it, and one that conflates does not do with it.</summary>
    public bool PropagateTrace { get; init; }

    /// <summary>False for streams of this library's own, whose messages are nobody's, or have activities elsewhere.</summary>
    internal bool HasActivities { get; init; } = true;

    /// <summary>How many messages may wait to be sent. At least 1; by default there is no limit.</summary>
    public int SendQueueLimit { get; init; } = int.MaxValue;

    /// <summary>How many bytes may wait to be sent; a longer message is taken by an empty queue all the same. At least 1; by default there
    /// is no limit.</summary>
    public long SendQueueByteLimit { get; init; } = long.MaxValue;

    /// <summary>How many messages may wait for one peer without room, for a ROUTER or STREAM: so that a peer that does not read fills
    /// neither the queue nor the memory. Beyond that <see cref="SendQueueFullMode"/> says what becomes of this peer's messages, and of
    /// those alone. What was sent since the stream's last flush is not counted before it has been tried: where nothing is dropped, that
    /// much may wait beyond the limit. At least 1; by default there is no limit. Other types of sockets are refused one.</summary>
    public int MaxQueuedPerPeer { get; init; } = int.MaxValue;

    /// <summary>What happens to a message that finds the send queue full.</summary>
    public SendQueueFullMode SendQueueFullMode { get; init; }

    /// <summary>For how long a message may wait to be sent, unless its own time was given to <c>Send</c>; infinite by default. What is not
    /// sent by then is dropped, and its sender told. pyzmq's <c>SNDTIMEO</c>.</summary>
    public TimeSpan TimeToLive { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long <see cref="ZMQStream.DisposeAsync"/> goes on sending what is queued.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <param name="type">Of the stream's socket.</param>
    internal void Validate(SocketType type)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(ErrorPolicy);
        ArgumentOutOfRangeException.ThrowIfUndefined(SendQueueFullMode);
        ArgumentOutOfRangeException.ThrowIfLessThan(MessagesPerTurn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesPerTurn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFramesPerMessage, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytesPerMessage, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimePerTurn, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DrainTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(QuotedBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadAhead, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SendQueueLimit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SendQueueByteLimit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxQueuedPerPeer, 1);
        if (MaxQueuedPerPeer != int.MaxValue && type is not (SocketType.Router or SocketType.Stream))
            throw new ArgumentException(
                $"MaxQueuedPerPeer is for sockets that send each message to the peer that it names, ROUTER and STREAM; this is a {type}. "
                + "SendQueueLimit limits the whole queue.");
        if (PropagateTrace && type is SocketType.Stream or > SocketType.XSub)
            throw new ArgumentException($"PropagateTrace adds a frame to each message, and messages of a {type} have one frame alone.");
        if (HandlerWarning != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HandlerWarning, TimeSpan.Zero);
        if (HandlerTimeout != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HandlerTimeout, TimeSpan.Zero);
        if (TimeToLive != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeToLive, TimeSpan.Zero);
    }
}
