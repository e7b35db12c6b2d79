using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Wire;

/// <summary>A stranger who speaks CURVE by hand (RFC 26): with a friend's key he shakes hands as he should, and then sends what no client
/// sends, well encrypted; with another key, or a wrong step, he must not get in.</summary>
internal sealed class CurveStranger(string target, bool isFriend, Random random) : Stranger(target)
{
    private const int HeadOfCommand = 2;
    private const int Patience = 20_000; // milliseconds

    private readonly (byte[] PublicKey, byte[] SecretKey) _own =
        isFriend ? (SecretKeys.Client.PublicKey, SecretKeys.Client.SecretKey) : Sodium.NewKeys();

    private ulong _nonce;

    public override void Attack(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SendTimeout = socket.ReceiveTimeout = Patience;
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        List<byte> sent = [];
        string end;
        try
        {
            end = Talk(socket, sent);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new TimeoutException($"A CURVE connection was not closed of {new HostileInput("CURVE", [.. sent], false)}");
        }
        catch (SocketException exception)
        {
            end = exception.SocketErrorCode.ToString();
        }

        Learn(new HostileInput("CURVE", [.. sent], false), new Answer(default, end));
    }

    /// <returns>How far he came.</returns>
    private string Talk(Socket socket, List<byte> sent)
    {
        (byte[] ownTransient, byte[] secretTransient) = Sodium.NewKeys();
        _nonce = 0;
        Send(socket, Grammar.Greeting("CURVE", (byte)random.Next(2)), sent);
        Send(socket, Zmtp.CommandFrame("HELLO", Hello(ownTransient, secretTransient)), sent);
        if (Read(socket, "WELCOME") is not { } welcome) return End(socket, "no welcome");
        byte[]? opened = Sodium.Open(
            welcome.AsSpan(16), [.. "WELCOME-"u8, .. welcome[..16]], SecretKeys.Server.PublicKey, secretTransient);
        if (opened is null) return "a welcome for somebody else";
        byte[] serverTransient = opened[..Sodium.KeyLength];
        byte[] initiate = Initiate(opened[Sodium.KeyLength..], ownTransient, secretTransient, serverTransient);
        Send(socket, Zmtp.CommandFrame("INITIATE", initiate), sent);
        if (Read(socket, "READY") is null) return End(socket, "not let in");
        for (int i = random.Next(1, 8); i > 0; i--) Send(socket, Message(serverTransient, secretTransient, sent), sent);
        return End(socket, "let in");
    }

    private byte[] Hello(byte[] ownTransient, byte[] secretTransient)
    {
        byte[] nonce = NextNonce();
        byte[] box = Sodium.Box(new byte[64], [.. "CurveZMQHELLO---"u8, .. nonce], SecretKeys.Server.PublicKey, secretTransient);
        return Spoil([1, 0, .. new byte[72], .. ownTransient, .. nonce, .. box], oneIn: 10);
    }

    private byte[] Initiate(byte[] cookie, byte[] ownTransient, byte[] secretTransient, byte[] serverTransient)
    {
        byte[] nonceOfVouch = new byte[16];
        random.NextBytes(nonceOfVouch);
        byte[] vouch = Sodium.Box(
            [.. ownTransient, .. SecretKeys.Server.PublicKey], [.. "VOUCH---"u8, .. nonceOfVouch], serverTransient, _own.SecretKey);
        byte[] metadata = random.Next(4) == 0
            ? Metadata() : [.. Zmtp.Property("Socket-Type", "PUSH"), .. Zmtp.Property("Identity", "")];
        byte[] plain = Spoil([.. _own.PublicKey, .. nonceOfVouch, .. vouch, .. metadata], oneIn: 12);
        byte[] nonce = NextNonce();
        byte[] box = Sodium.Box(plain, [.. "CurveZMQINITIATE"u8, .. nonce], serverTransient, secretTransient);
        return Spoil([.. Spoil(cookie, oneIn: 20), .. nonce, .. box], oneIn: 20);
    }

    private byte[] Metadata()
    {
        List<byte> metadata = [];
        for (int i = random.Next(5); i > 0; i--)
        {
            uint? length = random.Next(3) == 0 ? (uint)random.NextInt64(uint.MaxValue) : null;
            metadata.AddRange(Zmtp.Property(random.Next(2) == 0 ? "Socket-Type" : "Identity", new string('v', random.Next(30)), length));
        }

        return [.. metadata];
    }

    /// <summary>A frame behind the handshake: any flags, any bytes; now and then a box that is none, or a nonce that was used.</summary>
    private byte[] Message(byte[] serverTransient, byte[] secretTransient, List<byte> sent)
    {
        byte[] body = new byte[random.Next(6) == 0 ? random.Next(5_000) : random.Next(40)];
        random.NextBytes(body);
        string command = random.Next(2) == 0 ? "PING" : "SUBSCRIBE";
        if (random.Next(4) == 0) body = [(byte)random.Next(12), .. Encoding.ASCII.GetBytes(command), .. body];
        byte[] plain = random.Next(15) == 0 ? [] : [(byte)(random.Next(3) == 0 ? random.Next(256) : random.Next(4)), .. body];
        if (random.Next(20) == 0) _nonce = (ulong)random.NextInt64(3);
        byte[] nonce = NextNonce();
        byte[] box = Sodium.Box(plain, [.. "CurveZMQMESSAGEC"u8, .. nonce], serverTransient, secretTransient);
        byte[] message = Spoil([7, .. "MESSAGE"u8, .. nonce, .. box], oneIn: 10);
        sent.AddRange(plain); // what is to be seen where it is asked for
        return Zmtp.Frame((byte)(random.Next(10) == 0 ? random.Next(8) : 0), message);
    }

    private byte[] Spoil(byte[] bytes, int oneIn) => random.Next(oneIn) == 0 ? Mutation.Of(bytes, bytes, random) : bytes;

    private byte[] NextNonce()
    {
        byte[] nonce = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(nonce, ++_nonce);
        return nonce;
    }

    private void Send(Socket socket, byte[] bytes, List<byte> sent)
    {
        sent.AddRange(bytes);
        Remember(new HostileInput($"CURVE to {Target}", [.. sent], false));
        socket.Send(bytes);
    }

    /// <summary>The body of a command; null where something else comes, or the end.</summary>
    private byte[]? Read(Socket socket, string command)
    {
        if (command == "WELCOME" && Exactly(socket, 64) is null) return null; // the greeting
        if (Exactly(socket, HeadOfCommand) is not { } head || head[0] != 4) return null;
        if (Exactly(socket, head[1]) is not { } body || body.Length <= command.Length) return null;
        return Encoding.ASCII.GetString(body, 1, command.Length) == command ? body[(command.Length + 1)..] : null;
    }

    private static byte[]? Exactly(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int length = 0; length < count;)
        {
            int read = socket.Receive(bytes.AsSpan(length));
            if (read == 0) return null;
            length += read;
        }

        return bytes;
    }

    private static string End(Socket socket, string how)
    {
        socket.Shutdown(SocketShutdown.Send);
        byte[] rest = new byte[1024];
        int length = 0;
        for (int read; (read = socket.Receive(rest)) > 0;) length += read;
        return $"{how} {length > 0}";
    }
}
