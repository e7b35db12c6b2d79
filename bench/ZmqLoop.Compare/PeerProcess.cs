using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>A program that prints lines of a word and a figure. Killed when disposed.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly Thread _reader;
    private readonly Task<string> _errors;
    private readonly string _name;
    private readonly CancellationToken _cancel;

    public PeerProcess(string name, IEnumerable<string> command, bool warm, CancellationToken cancel)
    {
        _name = name;
        _cancel = cancel;
        string[] words = [.. command];
        ProcessStartInfo start = new(
            words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        // .NET otherwise waits until 100 ms brought nothing new to compile, several times, before it compiles for good: the same code in
        // the end, after one second instead of a fifth of one.
        if (warm) start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        Stopwatch.Start();
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} was not started.");
        _process.StandardInput.Close();
        _reader = new Thread(ReadLines) { IsBackground = true };
        _reader.Start();
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Runs since just before the program was started.</summary>
    public Stopwatch Stopwatch { get; } = new();

    /// <summary>How much memory it has now, as the kernel says.</summary>
    public double ResidentKilobytes
    {
        get
        {
            const string Resident = "VmRSS:";
            string line = File.ReadLines($"/proc/{_process.Id}/status")
                .First(static line => line.StartsWith(Resident, StringComparison.Ordinal));
            return double.Parse(line[Resident.Length..^"kB".Length], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>All that its threads have taken.</summary>
    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    /// <summary>Waits for the line that begins with this word, and returns what follows.</summary>
    /// <exception cref="PeerFailedException">It ended without that line, or the time is over.</exception>
    public string Await(string word)
    {
        try
        {
            foreach (string line in _lines.GetConsumingEnumerable(_cancel))
            {
                if (line.StartsWith(word + " ", StringComparison.Ordinal)) return line[(word.Length + 1)..];
            }
        }
        catch (OperationCanceledException)
        {
            throw new PeerFailedException($"{_name} said no '{word}' in time.");
        }

        _process.WaitForExit();
        string errors = _errors.Result.Trim();
        throw new PeerFailedException(
            $"{_name} ended with code {_process.ExitCode} and no '{word}'{(errors.Length > 0 ? ": " + errors.Split('\n')[^1] : ".")}");
    }

    /// <summary>Waits for these figures, in this order.</summary>
    /// <exception cref="PeerFailedException">They did not come, or are no figures.</exception>
    public double[] AwaitFigures(IEnumerable<string> words) => [.. words.Select(AwaitFigure)];

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _reader.Join();
        _process.Dispose();
        _lines.Dispose();
    }

    private double AwaitFigure(string word)
    {
        string text = Await(word);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double figure) && figure > 0
            ? figure
            : throw new PeerFailedException($"{_name} said '{word} {text}', where a positive number should be.");
    }

    private void ReadLines()
    {
        while (_process.StandardOutput.ReadLine() is { } line) _lines.Add(line);
        _lines.CompleteAdding();
    }
}

/// <summary>A program that should have measured did not.</summary>
internal sealed class PeerFailedException(string message) : Exception(message);
