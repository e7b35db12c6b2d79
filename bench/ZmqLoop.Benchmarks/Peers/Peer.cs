using System.Globalization;

namespace ZmqLoop.Benchmarks;

/// <summary>Our side of `./build.sh compare`: WORK SECONDS ARGUMENTS..., the works of bench/peers, done with this library.</summary>
internal static class Peer
{
    public static int Run(string[] given)
    {
        if (given is not [string work, string secondsText, .. string[] arguments]) return WrongUse();
        double seconds = double.Parse(secondsText, CultureInfo.InvariantCulture);
        switch (work, arguments)
        {
            case ("callbacks" or "chain" or "timers-cancel" or "timers-fire" or "posts-1" or "posts-4", [string count]):
                LoopWork.Run(work, seconds, Number(count));
                break;
            case ("wrap", [string depth]):
                LoopWork.Wrap(seconds, Number(depth));
                break;
            case ("recv" or "recv-copy", [string endpoint, _, _, string highWaterMark]):
                StreamWork.Receive(seconds, endpoint, Number(highWaterMark), copy: work == "recv-copy");
                break;
            case ("recv-await", [string endpoint, _, _, string highWaterMark]):
                StreamWork.ReceiveByAwait(seconds, endpoint, Number(highWaterMark));
                break;
            case ("send", [string endpoint, string size, string frames, string highWaterMark]):
                StreamWork.Send(seconds, endpoint, Number(size), Number(frames), Number(highWaterMark));
                break;
            case ("drain", [string size, string frames, string count]):
                StreamWork.Drain(seconds, Number(size), Number(frames), Number(count));
                break;
            case ("echo", [string endpoint]):
                StreamWork.Echo(endpoint);
                break;
            case ("idle", [string count]):
                IdleWork.Wake(seconds, Number(count));
                break;
            case ("memory", [string count]):
                IdleWork.PrintResident(Number(count));
                break;
            case ("startup", []):
                IdleWork.PrintFirst();
                break;
            default:
                return WrongUse();
        }

        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int WrongUse()
    {
        Console.Error.WriteLine("peer WORK SECONDS ARGUMENTS...: see bench/peers/*.c for the works");
        return 2;
    }
}
