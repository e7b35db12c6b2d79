using System.Diagnostics;
using System.Globalization;
using System.Text;
using ZmqLoop.Chaos.Branches;

namespace ZmqLoop.Chaos;

/// <summary>A case in a process of its own, seen from outside: that ends, crashes or hangs.</summary>
internal sealed class CaseRun(ChaosCase @case, string engine, int seed, TimeSpan time, double share)
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(90); // to begin, to settle and to wait for what does not come
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(10);

    public async Task<Outcome> RunAsync(Action<string> tell, CancellationToken stop)
    {
        Outcome? outcome = null;
        long told = TimeProvider.System.GetTimestamp();
        StringBuilder errors = new();
        using InstrumentedCopy? copy = @case.SeesBranches ? new InstrumentedCopy() : null;
        using Process process = new() { StartInfo = Command(copy?.Command ?? ThisProgram.Command) };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not { } text) return;
            if (text.StartsWith("RESULT ", StringComparison.Ordinal)) outcome = Outcome.FromJson(text["RESULT ".Length..]);
            else if (!text.StartsWith("PROGRESS ", StringComparison.Ordinal)) tell(text);
            else if (TimeProvider.System.GetElapsedTime(told) > _between)
            {
                told = TimeProvider.System.GetTimestamp();
                tell(text["PROGRESS ".Length..]);
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (errors.Length < 20_000) errors.AppendLine(line.Data);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(time + _grace);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None); // its folder is removed
            outcome ??= new Outcome { Hung = 1, Failures = [$"It did not end within {time + _grace}. {errors}"] };
        }

        outcome ??= new Outcome { Crashed = 1, Failures = [$"Its process ended with {process.ExitCode}: {errors}"] };
        if (outcome is { IsSkipped: false, Count: 0, Failures.Count: 0 }) outcome.Failures.Add("Nothing was tried.");
        return outcome;
    }

    private ProcessStartInfo Command(IReadOnlyList<string> program)
    {
        string[] command =
        [
            .. program, "case", @case.FullName, engine, seed.ToString(CultureInfo.InvariantCulture),
            time.TotalSeconds.ToString(CultureInfo.InvariantCulture), share.ToString(CultureInfo.InvariantCulture),
        ];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return start;
    }
}
