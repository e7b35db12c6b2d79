using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TaskService.Demo;

/// <summary>Plain TCP connections that throw bytes at the service's port which are not ZeroMQ's.</summary>
internal static class Garbage
{
    /// <returns>How many connections there were, and how many of them the service closed or answered.</returns>
    public static async Task<(int Thrown, int Ended)> ThrowAsync(int port, CancellationToken cancel)
    {
        byte[][] all =
        [
            Random(64 * 1024),
            Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: " + new string('a', 4096) + "\r\n\r\n"),
            [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 1, .. Random(4096)],  // like ZeroMQ's greeting, at first
            [1, 0, 3, 0, 0x7B, 0x7B, 3, 0, 0x7B, 0x7B],                   // ZeroMQ 2's framing, and no JSON
            [0xFF],                                                       // and nothing more
        ];
        bool[] ended = await Task.WhenAll(all.Select(bytes => ThrowAsync(port, bytes, cancel)));
        return (all.Length, ended.Count(end => end));
    }

    private static async Task<bool> ThrowAsync(int port, byte[] bytes, CancellationToken cancel)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, cancel);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(TimeSpan.FromSeconds(4));
        byte[] answer = new byte[4096];
        try
        {
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(bytes, cancel);
            while (await stream.ReadAsync(answer, late.Token) > 0)
            {
                // The greeting, or an error reply.
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return true; // reset
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
