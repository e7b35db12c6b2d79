using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace ZmqLoop.Chaos.Wire;

/// <summary>What a stranger was answered.</summary>
/// <param name="Bytes">The first of it.</param>
/// <param name="End">How the connection ended.</param>
internal sealed record Answer(ReadOnlyMemory<byte> Bytes, string End)
{
    private const int GreetingLength = 64;
    private const int LongFlag = 2;
    private const int CommandFlag = 4;

    /// <summary>What kind of answer it is: its greeting's length, its frames' flags, commands' names and magnitudes, and its end. Two
    /// inputs with the same one have probably gone the same way through the peer.</summary>
    public string Signature()
    {
        ReadOnlySpan<byte> left = Bytes.Span;
        StringBuilder text = new(End);
        text.Append(CultureInfo.InvariantCulture, $" {Math.Min(left.Length, GreetingLength)}");
        if (left.Length < GreetingLength) return text.ToString();
        left = left[GreetingLength..];
        for (int frames = 0; frames < 8 && left.Length >= 2; frames++)
        {
            bool isLong = (left[0] & LongFlag) != 0;
            if (isLong && left.Length < 9) break;
            int head = isLong ? 9 : 2;
            ulong length = isLong ? BinaryPrimitives.ReadUInt64BigEndian(left[1..]) : left[1];
            text.Append(CultureInfo.InvariantCulture, $" {left[0]:x}.{BitOperations.Log2(length + 1)}");
            if (length > (ulong)(left.Length - head)) break;
            ReadOnlySpan<byte> body = left.Slice(head, (int)length);
            if ((left[0] & CommandFlag) != 0 && body.Length > 0 && body[0] < body.Length && body[0] < 12)
                text.Append(Encoding.Latin1.GetString(body.Slice(1, body[0])));
            left = left[(head + (int)length)..];
        }

        return text.ToString();
    }
}
