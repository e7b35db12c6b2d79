using System.Buffers.Binary;

namespace ZmqLoop;

/// <summary>ZeroMQ's way to write bytes as text, such as CURVE keys: five printable characters for four bytes. RFC 32, pyzmq's
/// <c>zmq.utils.z85</c>.</summary>
public static class Z85
{
    private const int Base = 85;
    private const int BytesInGroup = 4;
    private const int CharactersInGroup = 5;
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    /// <summary>The bytes as text.</summary>
    /// <exception cref="ArgumentException">Their number is no multiple of 4.</exception>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % BytesInGroup != 0)
            throw new ArgumentException($"Z85 writes multiples of {BytesInGroup} bytes, not {bytes.Length}.", nameof(bytes));
        char[] text = new char[bytes.Length / BytesInGroup * CharactersInGroup];
        for (int group = 0; group < text.Length / CharactersInGroup; group++)
        {
            uint value = BinaryPrimitives.ReadUInt32BigEndian(bytes[(group * BytesInGroup)..]);
            for (int i = CharactersInGroup - 1; i >= 0; i--)
            {
                text[group * CharactersInGroup + i] = Alphabet[(int)(value % Base)];
                value /= Base;
            }
        }

        return new string(text);
    }

    /// <summary>The bytes that a text stands for.</summary>
    /// <exception cref="FormatException">It is no Z85: a character that is not in it, or a number of them that is no multiple of
    /// 5.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        if (text.Length % CharactersInGroup != 0)
            throw new FormatException($"Z85 has multiples of {CharactersInGroup} characters, not {text.Length}.");
        byte[] bytes = new byte[text.Length / CharactersInGroup * BytesInGroup];
        for (int group = 0; group < bytes.Length / BytesInGroup; group++)
        {
            ulong value = 0;
            foreach (char character in text.Slice(group * CharactersInGroup, CharactersInGroup))
            {
                int digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
                if (digit < 0) throw new FormatException($"'{character}' is no character of Z85.");
                value = value * Base + (uint)digit;
            }

            if (value > uint.MaxValue)
                throw new FormatException($"'{text.Slice(group * CharactersInGroup, CharactersInGroup)}' stands for more than four bytes.");
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(group * BytesInGroup), (uint)value);
        }

        return bytes;
    }
}
