using System.Buffers.Binary;
using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>The last frame of a request's envelope, before the empty one: which request it is, and for how long its answer is wanted. A
/// peer that knows nothing of it gives it back as it is, since an envelope is no business of its; a <see cref="Responder"/> marks in it
/// that the answer is an error.</summary>
/// <remarks>"ZLR1", '?' (or '!' for an error), eight bytes of number, then, where the time is told, four of milliseconds; all big-endian.
/// Last, where the client propagates its trace, what W3C's traceparent has: 16 bytes of trace, eight of span, one of flags.</remarks>
internal readonly record struct CorrelationFrame(ulong Number, bool IsError, TimeSpan? TimeLeft, ActivityContext Trace = default)
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;
    private const int TraceLength = TraceIdLength + SpanIdLength + 1;
    private const int ShortLength = 13;
    private const int LongLength = 17;
    private const byte Asked = (byte)'?';
    private const byte Failed = (byte)'!';

    private static ReadOnlySpan<byte> Magic => "ZLR1"u8;

    /// <returns>Null for what is no such frame.</returns>
    public static CorrelationFrame? Parse(Frame frame)
    {
        bool isTraced = frame.Length is ShortLength + TraceLength or LongLength + TraceLength;
        int length = isTraced ? frame.Length - TraceLength : frame.Length;
        if (length is not (ShortLength or LongLength)) return null;
        ReadOnlySpan<byte> bytes = frame.Span;
        if (!bytes.StartsWith(Magic) || bytes[4] is not (Asked or Failed)) return null;
        TimeSpan? left = length == LongLength
            ? TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[ShortLength..])) : null;
        return new CorrelationFrame(BinaryPrimitives.ReadUInt64BigEndian(bytes[5..]), bytes[4] == Failed, left,
            isTraced ? ReadTrace(bytes[length..]) : default);
    }

    public Frame ToFrame()
    {
        int length = TimeLeft is null ? ShortLength : LongLength;
        bool isTraced = Trace != default;
        byte[] bytes = new byte[isTraced ? length + TraceLength : length];
        Magic.CopyTo(bytes);
        bytes[4] = IsError ? Failed : Asked;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(5), Number);
        if (TimeLeft is { } left)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ShortLength), (uint)Math.Clamp(left.TotalMilliseconds, 0, uint.MaxValue));
        if (isTraced) WriteTrace(bytes.AsSpan(length));
        return Frame.Own(bytes);
    }

    /// <summary>Nothing, where it is none that W3C allows: both ids all zero are not.</summary>
    private static ActivityContext ReadTrace(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> trace = bytes[..TraceIdLength];
        ReadOnlySpan<byte> span = bytes.Slice(TraceIdLength, SpanIdLength);
        if (!trace.ContainsAnyExcept((byte)0) || !span.ContainsAnyExcept((byte)0)) return default;
        return new ActivityContext(ActivityTraceId.CreateFromBytes(trace), ActivitySpanId.CreateFromBytes(span),
            (ActivityTraceFlags)bytes[TraceLength - 1] & ActivityTraceFlags.Recorded, isRemote: true);
    }

    private void WriteTrace(Span<byte> bytes)
    {
        Trace.TraceId.CopyTo(bytes[..TraceIdLength]);
        Trace.SpanId.CopyTo(bytes.Slice(TraceIdLength, SpanIdLength));
        bytes[TraceLength - 1] = (byte)Trace.TraceFlags;
    }
}
