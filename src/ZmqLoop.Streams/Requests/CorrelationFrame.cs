using System.Buffers.Binary;

namespace ZmqLoop.Streams;

/// <summary>The last frame of a request's envelope, before the empty one: which request it is, and for how long its answer is wanted. A
/// peer that knows nothing of it gives it back as it is, since an envelope is no business of its; a <see cref="Responder"/> marks in it
/// that the answer is an error.</summary>
/// <remarks>"ZLR1", '?' (or '!' for an error), eight bytes of number, then, where the time is told, four of milliseconds; all big-endian.
/// </remarks>
internal readonly record struct CorrelationFrame(ulong Number, bool IsError, TimeSpan? TimeLeft)
{
    private const int ShortLength = 13;
    private const int LongLength = 17;
    private const byte Asked = (byte)'?';
    private const byte Failed = (byte)'!';

    private static ReadOnlySpan<byte> Magic => "ZLR1"u8;

    /// <returns>Null for what is no such frame.</returns>
    public static CorrelationFrame? Parse(Frame frame)
    {
        if (frame.Length is not (ShortLength or LongLength)) return null;
        ReadOnlySpan<byte> bytes = frame.Span;
        if (!bytes.StartsWith(Magic) || bytes[4] is not (Asked or Failed)) return null;
        TimeSpan? left = bytes.Length == LongLength
            ? TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[ShortLength..])) : null;
        return new CorrelationFrame(BinaryPrimitives.ReadUInt64BigEndian(bytes[5..]), bytes[4] == Failed, left);
    }

    public Frame ToFrame()
    {
        byte[] bytes = new byte[TimeLeft is null ? ShortLength : LongLength];
        Magic.CopyTo(bytes);
        bytes[4] = IsError ? Failed : Asked;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(5), Number);
        if (TimeLeft is { } left)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ShortLength), (uint)Math.Clamp(left.TotalMilliseconds, 0, uint.MaxValue));
        return Frame.Own(bytes);
    }
}
