using System.Buffers.Binary;
using System.Text;

namespace ZmqLoop.Testing.Hostile;

/// <summary>ZeroMQ's wire protocol, by hand: for peers that do not play along.</summary>
public static class Zmtp
{
    private const byte More = 1;
    private const byte Long = 2;
    private const byte Command = 4;

    /// <summary>Of ZMTP 3.0, of a peer without security.</summary>
    public static byte[] Greeting { get; } = [0xff, .. new byte[8], 0x7f, 3, 0, .. "NULL"u8, .. new byte[16 + 32]];

    /// <summary>The greeting and READY.</summary>
    public static byte[] Handshake(string socketType, string identity = "") =>
        [.. Greeting, .. CommandFrame("READY", [.. Property("Socket-Type", socketType), .. Property("Identity", identity)])];

    /// <summary>A command as a short frame.</summary>
    public static byte[] CommandFrame(string name, byte[] body)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Frame(Command, [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. body]);
    }

    /// <summary>What ends a process on NetMQ 4.0.4.5, after the handshake: a command without a name.</summary>
    public static byte[] EmptyCommand { get; } = [Command, 0];

    /// <summary>A message of one frame, or a part of one.</summary>
    public static byte[] Message(ReadOnlySpan<byte> body, bool more = false) => Frame(more ? More : (byte)0, body);

    /// <summary>The head of a frame whose bytes are still to come.</summary>
    public static byte[] Announce(long length, bool command = false)
    {
        byte[] head = new byte[9];
        head[0] = command ? (byte)(Long | Command) : Long;
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(1), length);
        return head;
    }

    /// <summary>Of READY's metadata; its length may be a lie.</summary>
    public static byte[] Property(string name, string value, uint? length = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        byte[] bytes = Encoding.ASCII.GetBytes(value);
        byte[] size = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(size, length ?? (uint)bytes.Length);
        return [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. size, .. bytes];
    }

    /// <summary>A frame, short where it can be.</summary>
    public static byte[] Frame(byte flags, ReadOnlySpan<byte> body)
    {
        if (body.Length < 256) return [flags, (byte)body.Length, .. body];
        byte[] head = Announce(body.Length);
        head[0] = (byte)(flags | Long);
        return [.. head, .. body];
    }
}
