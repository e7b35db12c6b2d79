using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Chaos.Wire;

/// <summary>One connection of a stranger: what he sends, and what came back.</summary>
internal static class Exchange
{
    private const int Patience = 20_000; // milliseconds
    private const int Kept = 2048;
    private const int Greeting = 64;

    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(200); // who does not answer by then has not understood

    private static int _addresses;

    /// <summary>Connects, sends, says that no more comes, and reads until the other side has closed.</summary>
    /// <exception cref="TimeoutException">It has not: the connection stands still.</exception>
    public static Answer With(int port, HostileInput input)
    {
        using Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        int number = Interlocked.Increment(ref _addresses);
        byte[] address = [127, (byte)(1 + (number / 62_500 % 200)), (byte)(number / 250 % 250), (byte)(1 + (number % 250))];
        socket.Bind(new IPEndPoint(new IPAddress(address), 0)); // each has ports of its own
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return Talk(socket, input);
    }

    /// <returns>How many bytes came.</returns>
    private static int ReadHandshake(Socket socket, byte[] answer)
    {
        int length = 0;
        while (length <= Greeting && socket.Poll(_soon, SelectMode.SelectRead))
        {
            int read = socket.Receive(answer.AsSpan(length));
            if (read == 0) break;
            length += read;
        }

        return length;
    }

    /// <summary>As <see cref="With"/>, over a connection that stands.</summary>
    public static Answer Talk(Socket socket, HostileInput input)
    {
        socket.SendTimeout = socket.ReceiveTimeout = Patience;
        byte[] answer = new byte[Kept];
        int length = 0;
        try
        {
            int from = 0;
            if (input.Handshake > 0)
            {
                socket.Send(input.Bytes.AsSpan(0, input.Handshake));
                from = input.Handshake;
                length = ReadHandshake(socket, answer);
            }

            foreach (int cut in input.Cuts.Where(cut => cut > from).Append(input.Bytes.Length))
            {
                socket.Send(input.Bytes.AsSpan(from, cut - from));
                from = cut;
            }

            socket.Shutdown(SocketShutdown.Send);
            int read;
            byte[] more = new byte[Kept];
            while ((read = socket.Receive(more)) > 0)
            {
                int taken = Math.Min(read, Kept - length);
                more.AsSpan(0, taken).CopyTo(answer.AsSpan(length));
                length += taken;
            }

            return new Answer(answer.AsMemory(0, length), "end");
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new TimeoutException($"A connection was not closed within {Patience / 1000} s of {input}");
        }
        catch (SocketException exception)
        {
            return new Answer(answer.AsMemory(0, length), exception.SocketErrorCode.ToString()); // closed, in the middle of it
        }
    }
}
