using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Telemetry;

/// <summary>A port that nobody has at this moment.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
