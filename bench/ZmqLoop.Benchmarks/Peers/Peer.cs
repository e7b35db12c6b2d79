using System.Globalization;

namespace ZmqLoop.Benchmarks;

/// <summary>Our side of `./build.sh compare`: ENGINE WORK SECONDS ARGUMENTS..., the works of bench/peers, done with this library on libzmq
/// or on NetMQ.</summary>
internal static class Peer
{
    public static int Run(string[] given)
    {
        if (given is not [string engine, string work, string secondsText, .. string[] arguments]) return WrongUse();
        Func<ZMQEngine> create = Engines.Named(engine);
        double seconds = double.Parse(secondsText, CultureInfo.InvariantCulture);
        switch (work, arguments)
        {
            case ("callbacks" or "chain" or "timers-cancel" or "timers-fire" or "posts-1" or "posts-4", [string count]):
                LoopWork.Run(create, work, seconds, Number(count));
                break;
            case ("wrap", [string depth]):
                LoopWork.Wrap(seconds, Number(depth));
                break;
            case ("recv" or "recv-copy" or "recv-plain" or "recv-plain-copy", [string endpoint, _, _, string highWaterMark]):
            {
                bool copy = work.EndsWith("-copy", StringComparison.Ordinal);
                bool inContext = !work.Contains("-plain", StringComparison.Ordinal);
                StreamWork.Receive(create, seconds, endpoint, Number(highWaterMark), copy, inContext);
                break;
            }

            case ("recv-await", [string endpoint, _, _, string highWaterMark]):
                StreamWork.ReceiveByAwait(create, seconds, endpoint, Number(highWaterMark));
                break;
            case ("send", [string endpoint, string size, string frames, string highWaterMark]):
                StreamWork.Send(create, seconds, endpoint, Number(size), Number(frames), Number(highWaterMark));
                break;
            case ("drain", [string size, string frames, string count]):
                StreamWork.Drain(create, seconds, Number(size), Number(frames), Number(count));
                break;
            case ("echo" or "echo-spin", [string endpoint]):
                StreamWork.Echo(create, endpoint, work == "echo-spin" ? TimeSpan.FromMicroseconds(50) : TimeSpan.Zero);
                break;
            case ("late" or "late-exact", []):
                LoopWork.PrintLate(create, seconds, isExact: work == "late-exact");
                break;
            case ("idle", [string count]):
                new IdleWork(create, Number(count)).Wake(seconds);
                break;
            case ("idle-users", [string count]):
                new NetMQUsersSockets(create, Number(count)).Wake(seconds);
                break;
            case ("memory", [string count]):
                new IdleWork(create, Number(count)).PrintResident();
                break;
            case ("startup", []):
                new IdleWork(create, 0).PrintFirst();
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
        Console.Error.WriteLine("peer libzmq|netmq WORK SECONDS ARGUMENTS...: see bench/peers/*.c for the works");
        return 2;
    }
}
