using System.Globalization;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>The wall clock is set back and forth by hours: timers go on at their pace, requests are answered.</summary>
internal static class ClockCase
{
    private const double MostTicks = 3; // times as many as there ought to be

    public static Task Run(Arena arena)
    {
        if (Environment.GetEnvironmentVariable("ZMQLOOP_FAKETIME") is not { Length: > 0 } library)
        {
            arena.Result.Skipped = "there is no libfaketime";
            return Task.CompletedTask;
        }

        string file = Path.GetTempFileName();
        SetClock(0);
        Dictionary<string, string> environment = new()
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = file,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0", // which has timed waits of .NET never end
        };
        using ZMQEngine engine = arena.CreateEngine();
        using ServiceProcess service = ServiceProcess.Start(arena.Engine, "requests", ["ticks"], environment: environment);
        using PersistentClient client = new(engine, $"tcp://127.0.0.1:{service.Ports["requests"]}");
        client.IsAnswered();
        Random random = arena.RandomFor(0);
        arena.BeginMeasuring(service.Footprint);
        long sets = 0;
        while (arena.GoesOn(sets))
        {
            long before = Ticks();
            long start = TimeProvider.System.GetTimestamp();
            SetClock(random.Next(-100_000, 100_000));
            if (!client.IsAnswered() || !Pause.Until(() => Ticks() > before + 3, 10))
            {
                arena.Result.Hung++;
                arena.Fail("With another time, nothing goes on.");
                break;
            }

            double expected = 4 + (TimeProvider.System.GetElapsedTime(start).TotalMilliseconds / 20);
            long ticks = Ticks() - before;
            if (ticks > expected * MostTicks) arena.Fail($"{ticks} ticks, where {expected:0} were due.");
            sets++;
        }

        client.Stop();
        arena.Result.Count = sets;
        client.Conclude(arena.Result);
        arena.EndMeasuring(service.Footprint);
        File.Delete(file);
        return Task.CompletedTask;

        long Ticks() => service.Ask().Received["ticks"];

        void SetClock(int seconds) => File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"{seconds:+0;-0;+0}"));
    }
}
