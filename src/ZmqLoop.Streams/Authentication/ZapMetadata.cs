using System.Buffers.Binary;
using System.Text;

namespace ZmqLoop.Streams;

/// <summary>Names and values as ZMTP writes them: a name of up to 255 bytes after its length, and a value after its length in four
/// bytes.</summary>
internal static class ZapMetadata
{
    public static byte[] Encode(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null) return [];
        using MemoryStream bytes = new();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach ((string name, string value) in metadata)
        {
            byte[] key = Encoding.UTF8.GetBytes(name);
            if (key.Length is 0 or > byte.MaxValue)
                throw new ArgumentException($"The name '{name}' in the metadata must have 1 to 255 bytes.", nameof(metadata));
            byte[] content = Encoding.UTF8.GetBytes(value);
            bytes.WriteByte((byte)key.Length);
            bytes.Write(key);
            BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
            bytes.Write(length);
            bytes.Write(content);
        }

        return bytes.ToArray();
    }
}
