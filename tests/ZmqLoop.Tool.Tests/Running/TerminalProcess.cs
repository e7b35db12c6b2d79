using System.Text;
using System.Text.RegularExpressions;

namespace ZmqLoop.Tool.Tests.Running;

/// <summary>A program in a terminal of its own, which terminal.py makes, looks at and types into.</summary>
internal sealed partial class TerminalProcess : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60); // only a failure waits for it

    private readonly ToolProcess _process;
    private readonly StringBuilder _shown = new();

    private TerminalProcess(ToolProcess process) => _process = process;

    /// <summary>All that the terminal was sent so far, as far as it was waited for.</summary>
    public string Shown => _shown.ToString();

    public static TerminalProcess Start(string[] command, params (string Name, string Value)[] environment)
    {
        Pyzmq.SkipIfMissing();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Python has no terminals on Windows.");
        string script = Path.Combine(AppContext.BaseDirectory, "Running", "terminal.py");
        return new TerminalProcess(ToolProcess.StartProgram([Pyzmq.Path, script, .. command], environment));
    }

    /// <summary>Waits until what was shown so far is as it should be.</summary>
    public async Task WaitAsync(Func<string, bool> isThere)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(_limit);
        char[] buffer = new char[4096];
        while (!isThere(Shown))
        {
            int count;
            try
            {
                count = await _process.Output.ReadAsync(buffer, late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"It was not shown in time. {Describe()}");
            }

            if (count == 0) throw new InvalidOperationException($"It has ended. {Describe()}");
            _shown.Append(buffer, 0, count);
        }
    }

    /// <summary>Waits until that was shown.</summary>
    public Task WaitForAsync(string text) => WaitAsync(shown => shown.Contains(text, StringComparison.Ordinal));

    /// <summary>A line for terminal.py.</summary>
    public async Task DoAsync(string line)
    {
        await _process.Input.WriteAsync(line + "\n");
        await _process.Input.FlushAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Ending> EndAsync(string line = "")
    {
        Ending ending = await _process.EndAsync(line);
        _shown.Append(ending.Output);
        return ending with { Output = Shown };
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The same without what colours it and moves the cursor.</summary>
    public static string Plain(string shown) => ControlSequence().Replace(shown, "");

    private string Describe() => $"Shown was: {Shown.Replace("\e", "\\e", StringComparison.Ordinal)} {_process.Errors}";

    [GeneratedRegex(@"\e(\[[0-9;?]*[ -/]*[@-~]|[=>])")]
    private static partial Regex ControlSequence();
}
