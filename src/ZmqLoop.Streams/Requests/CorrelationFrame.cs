using System.Buffers.Binary;
using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>The last frame of a request's envelope, before the empty one: which request it is, and for how long its answer is wanted. A
/// peer that knows nothing of it gives it back as it is, since an envelope is no business of its; a <see cref="Responder"/> marks in it
/// that the answer is an error.</summary>
/// <remarks>"ZLR1", '?' (or another <see cref="CorrelationKind"/>), eight bytes of number, then, where the time is told, four of
/// milliseconds; all big-endian. Last, where the client propagates its trace, a <see cref="TraceFrame"/>.</remarks>
internal readonly record struct CorrelationFrame(ulong Number, CorrelationKind Kind, TimeSpan? TimeLeft, ActivityContext Trace = default)
{
    private const int ShortLength = 13;
    private const int LongLength = 17;

    private static ReadOnlySpan<byte> Magic => "ZLR1"u8;

    /// <returns>Null for what is no such frame.</returns>
    public static CorrelationFrame? Parse(Frame frame)
    {
        if (frame.Length < ShortLength) return null;
        ReadOnlySpan<byte> bytes = frame.Span;
        if (!bytes.StartsWith(Magic) || !Enum.IsDefined((CorrelationKind)bytes[4])) return null;
        int length = LengthWithoutTrace(bytes);
        if (length == 0) return null;
        TimeSpan? left = length == LongLength
            ? TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[ShortLength..])) : null;
        return new CorrelationFrame(BinaryPrimitives.ReadUInt64BigEndian(bytes[5..]), (CorrelationKind)bytes[4], left,
            TraceFrame.Parse(bytes[length..]) ?? default);
    }

    public Frame ToFrame()
    {
        int length = TimeLeft is null ? ShortLength : LongLength;
        byte[] trace = Trace == default ? [] : TraceFrame.Write(Trace);
        byte[] bytes = new byte[length + trace.Length];
        Magic.CopyTo(bytes);
        bytes[4] = (byte)Kind;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(5), Number);
        if (TimeLeft is { } left)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ShortLength), (uint)Math.Clamp(left.TotalMilliseconds, 0, uint.MaxValue));
        trace.CopyTo(bytes.AsSpan(length));
        return Frame.Own(bytes);
    }

    /// <summary>What follows is nothing, or what begins as a trace does, whether or not it is one that W3C allows.</summary>
    private static int LengthWithoutTrace(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        ShortLength or LongLength => bytes.Length,
        > LongLength when TraceFrame.IsLike(bytes[LongLength..]) => LongLength,
        > ShortLength when TraceFrame.IsLike(bytes[ShortLength..]) => ShortLength,
        _ => 0,
    };
}
