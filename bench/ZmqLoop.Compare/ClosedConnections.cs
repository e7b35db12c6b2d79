using System.Diagnostics;
using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>What the kernel remembers of connections that were closed in the last minute, each of which keeps a port: NetMQ's sockets make
/// one each for themselves, and after some runs of thousands there would be no port for the next.</summary>
internal static class ClosedConnections
{
    private const int Most = 8_000; // of some 28,000 ports; the largest run wants 10,000 and more

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(90);

    /// <summary>Waits until most of them are forgotten.</summary>
    public static void WaitForPorts(CancellationToken cancel)
    {
        var waited = Stopwatch.StartNew();
        while (Count(File.ReadAllText("/proc/net/sockstat")) > Most && waited.Elapsed < _longest)
            if (cancel.WaitHandle.WaitOne(_pause)) return;
    }

    /// <summary>The word after "tw" in the line of TCP.</summary>
    internal static int Count(string statistics)
    {
        string[] words = statistics.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(words[Array.IndexOf(words, "tw") + 1], CultureInfo.InvariantCulture);
    }
}
