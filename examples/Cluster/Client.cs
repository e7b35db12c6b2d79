using ZmqLoop;
using ZmqLoop.Streams;

namespace Cluster;

internal static class Client
{
    /// <summary>Asks for many squares at once, and counts the answers.</summary>
    public static int Run(ZMQIOLoop loop, string broker, int count)
    {
        using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop, new RequestClientOptions
        {
            MaxInFlight = 100,
            // A square may be computed twice. The broker itself may be restarted: it is asked again, too.
            Requests = new RequestOptions { Timeout = TimeSpan.FromMinutes(2), Retries = 10, TryTimeout = TimeSpan.FromSeconds(20) },
        });
        client.Connect(broker);
        int right = 0;
        loop.RunSync(() => Task.WhenAll(Enumerable.Range(0, count).Select(AskAsync)));
        Console.WriteLine($"answered {right} of {count}");
        return right == count ? 0 : 1;

        async Task AskAsync(int number)
        {
            try
            {
                Message answer = await client.RequestAsync(new Message("square", $"{number}"));
                if (answer[0].ToText() != $"{(long)number * number}") throw new InvalidOperationException($"{number}: {answer}");
                if (++right % 100 == 0) Console.WriteLine($"answers so far: {right}");
            }
            catch (Exception error) when (error is RequestTimeoutException or RemoteException or InvalidOperationException)
            {
                Console.WriteLine($"{number}: {error.Message}");
            }
        }
    }
}
