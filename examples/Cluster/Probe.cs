using ZmqLoop;
using ZmqLoop.Streams;

namespace Cluster;

internal static class Probe
{
    /// <summary>Whether a loop answers: an open port does not say so.</summary>
    public static int Run(ZMQIOLoop loop, string endpoint)
    {
        using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop);
        client.Connect(endpoint);
        try
        {
            loop.RunSync(() => client.RequestAsync(new Message("ping"), client.Options with { Timeout = TimeSpan.FromSeconds(3) }));
            return 0;
        }
        catch (RequestTimeoutException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
