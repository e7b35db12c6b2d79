using System.Globalization;
using NetMQ;

namespace ZmqLoop.Benchmarks;

/// <summary>NetMQ's side of `./build.sh compare`: STYLE WORK SECONDS ARGUMENTS...; STYLE is poller (NetMQPoller, whose handler drains), one
/// (the same, with one receive an event) or bare (a thread that blocks in the call itself). The works are those of bench/peers.</summary>
internal static class NetMQPeer
{
    public static int Run(string[] given)
    {
        if (given is not [string style, string work, string secondsText, .. string[] arguments]) return WrongUse();
        double seconds = double.Parse(secondsText, CultureInfo.InvariantCulture);
        int? anEvent = style switch { "poller" => NetMQMessages.Drain, "one" => 1, _ => null };
        NetMQConfig.MaxSockets = 65_535;
        switch (work, arguments)
        {
            case ("recv", [string endpoint, _, _, string highWaterMark]):
                NetMQMessages.Receive(seconds, endpoint, Number(highWaterMark), anEvent);
                break;
            case ("send", [string endpoint, string size, string frames, string highWaterMark]):
                NetMQMessages.Send(seconds, endpoint, Number(size), Number(frames), Number(highWaterMark));
                break;
            case ("echo", [string endpoint]):
                NetMQMessages.Echo(endpoint);
                break;
            case ("callbacks" or "chain" or "posts-1" or "posts-4" or "timers-cancel" or "timers-fire", [string count]):
                NetMQLoopWork.Run(work, seconds, Number(count));
                break;
            case ("idle", [string count]):
                NetMQIdleWork.Wake(seconds, Number(count));
                break;
            case ("memory", [string count]):
                NetMQIdleWork.PrintResident(Number(count));
                break;
            case ("startup", []):
                NetMQIdleWork.PrintFirst();
                break;
            default:
                return WrongUse();
        }

        Environment.Exit(0); // without closing thousands of sockets first
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int WrongUse()
    {
        Console.Error.WriteLine("netmq-peer poller|one|bare WORK SECONDS ARGUMENTS...: see bench/peers/*.c for the works");
        return 2;
    }
}
