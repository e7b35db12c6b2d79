using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Testing.Hostile;

/// <summary>Sends hostile inputs, one a connection, and sees to it that the other side closes each of them.</summary>
public static class Attacker
{
    private static int _addresses;

    /// <summary>Connects, sends, says that no more comes, and waits until the other side has closed.</summary>
    /// <exception cref="TimeoutException">It has not: the connection stands still.</exception>
    public static async Task SendAsync(int port, HostileInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        using Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        int number = Interlocked.Increment(ref _addresses);
        byte[] address = [127, 1, (byte)(number / 250), (byte)(1 + (number % 250))]; // each has ports of its own
        socket.Bind(new IPEndPoint(new IPAddress(address), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
        await TalkAsync(socket, input, cancellation);
    }

    /// <summary>Lets others connect, sends to each the next input, and waits until it has closed.</summary>
    /// <param name="listener">Is listening.</param>
    /// <param name="inputs">For whoever connects.</param>
    /// <param name="told">Called for each that was sent.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task ServeAsync(
        Socket listener, Func<HostileInput?> inputs, Action<HostileInput> told, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(told);
        while (inputs() is { } input)
        {
            using Socket socket = await listener.AcceptAsync(cancellation);
            socket.NoDelay = true;
            await TalkAsync(socket, input, cancellation);
            told(input);
        }
    }

    private static async Task TalkAsync(Socket socket, HostileInput input, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Deadline.Default);
        try
        {
            int from = 0;
            foreach (int cut in input.Cuts.Append(input.Bytes.Length))
            {
                await socket.SendAsync(input.Bytes.AsMemory(from, cut - from), SocketFlags.None, limit.Token);
                from = cut;
                if (cut < input.Bytes.Length) await Task.Yield();
            }

            socket.Shutdown(SocketShutdown.Send);
            byte[] answer = new byte[4096];
            while (await socket.ReceiveAsync(answer, SocketFlags.None, limit.Token) > 0)
            {
                // Whatever it says.
            }
        }
        catch (SocketException)
        {
            // Closed, in the middle of it.
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"A connection was not closed within {Deadline.Default} of {input}");
        }
    }
}
