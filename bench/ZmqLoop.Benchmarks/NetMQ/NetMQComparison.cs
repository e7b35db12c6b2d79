using System.Globalization;
using NetMQ;

namespace ZmqLoop.Benchmarks;

/// <summary>Our loop against NetMQ's own poller, over the same NetMQ: the ways by turns, in one process. Only the ratios of one round mean anything.</summary>
internal static class NetMQComparison
{
    public static int Run(string[] work)
    {
        NetMQConfig.MaxSockets = 8_192;
        switch (work)
        {
            case ["receive", .. var times]:
                Compare(Times(times), "bare", NetMQReceiving.Ways);
                break;
            case ["posts", .. var times]:
                Compare(Times(times), "NetMQQueue and NetMQPoller", NetMQPosting.Ways);
                break;
            case ["idle", string count, .. var times]:
            {
                using NetMQIdleSockets sockets = new(int.Parse(count, CultureInfo.InvariantCulture));
                Compare(Times(times), "NetMQPoller", sockets.Ways);
                break;
            }

            case ["send", string endpoint, string count]:
                NetMQReceiving.Send(endpoint, int.Parse(count, CultureInfo.InvariantCulture));
                break;
            default:
                Console.Error.WriteLine("netmq receive [TIMES]|posts [TIMES]|idle N [TIMES]");
                return 2;
        }

        NetMQConfig.Cleanup(block: false);
        return 0;
    }

    private static int Times(string[] given) => given is [string times] ? int.Parse(times, CultureInfo.InvariantCulture) : 5;

    /// <summary>Each way once without counting, then all of them by turns; the ratio is to the base in the same round.</summary>
    private static void Compare(int times, string baseline, (string Name, Func<double> Run)[] ways)
    {
        foreach ((_, Func<double> run) in ways) run();
        var rounds = new double[times][];
        for (int round = 0; round < times; round++) rounds[round] = [.. ways.Select(static way => way.Run())];
        int reference = Array.FindIndex(ways, way => way.Name == baseline);
        Console.WriteLine("| way | ns: min / median / max | ratio in the same round: min / median / max |");
        Console.WriteLine("| --- | --- | --- |");
        for (int way = 0; way < ways.Length; way++)
            Console.WriteLine($"| {ways[way].Name} | {Spread(rounds.Select(round => round[way]), "F0")} | {Spread(rounds.Select(round => round[way] / round[reference]), "F3")} |");
    }

    private static string Spread(IEnumerable<double> values, string format)
    {
        double[] sorted = [.. values.Order()];
        return string.Join(" / ", ((double[])[sorted[0], sorted[sorted.Length / 2], sorted[^1]]).Select(value => value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
