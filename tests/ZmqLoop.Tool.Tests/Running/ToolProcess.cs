using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ZmqLoop.Tool.Tests.Running;

/// <summary>The tool, run as its users run it, on the engine of this run.</summary>
internal sealed class ToolProcess : ChildProcess
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60); // only a failure waits for it

    private ToolProcess(ProcessStartInfo start) : base(start)
    {
    }

    /// <summary>A shell that starts something in the background of a script has it ignore SIGINT, and all that it starts.</summary>
    public static void SkipWhereInterruptsAreIgnored()
    {
        const string Ignored = "SigIgn:";
        const ulong Interrupt = 1UL << 1;
        if (!OperatingSystem.IsLinux()) return;
        string line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith(Ignored, StringComparison.Ordinal));
        ulong signals = ulong.Parse(line.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.SkipWhen((signals & Interrupt) != 0, "These tests were started to ignore SIGINT, as in the background of a script.");
    }

    /// <summary>The tool and what comes before its arguments.</summary>
    public static string[] Command { get; } = FindCommand();

    public StreamReader Output => Process.StandardOutput;

    public StreamWriter Input => Process.StandardInput;

    private static CancellationToken Late
    {
        get
        {
            CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            late.CancelAfter(_limit);
            return late.Token;
        }
    }

    public static ToolProcess Start(params string[] arguments) => StartProgram([.. Command, .. arguments]);

    /// <summary>Another program, such as a shell in which the tool is called.</summary>
    public static ToolProcess StartProgram(string[] command, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardInput = true,
            StandardOutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach ((string name, string value) in EngineUnderTest.Current.Environment) start.Environment[name] = value;
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return new ToolProcess(start);
    }

    /// <summary>Runs it to its end, with nothing on stdin, or this.</summary>
    public static async Task<Ending> RunAsync(string[] arguments, string input = "")
    {
        using ToolProcess tool = Start(arguments);
        return await tool.EndAsync(input);
    }

    /// <summary>What it was bound to, which it says on stderr.</summary>
    public string Endpoint(string what = "bound to ")
    {
        string? endpoint = null;
        Deadline.WaitUntil(() => (endpoint = After(what)) is not null || Process.HasExited, () => Errors);
        return endpoint ?? After(what) ?? throw new InvalidOperationException("It has ended: " + Errors);
    }

    public async Task<string> ReadLineAsync() =>
        await Output.ReadLineAsync(Late) ?? throw new InvalidOperationException("It wrote no line: " + Errors);

    /// <summary>Gives it the rest of its input, and waits for its end.</summary>
    public async Task<Ending> EndAsync(string input = "")
    {
        try
        {
            await Input.WriteAsync(input);
            Input.Close();
        }
        catch (IOException)
        {
            // It has ended before it read all.
        }

        string output = await Output.ReadToEndAsync(Late);
        await Process.WaitForExitAsync(Late);
        return new Ending(Process.ExitCode, output, Errors);
    }

    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("sh", ["-c", $"kill -s {signal} {Process.Id}"]);
        await kill.WaitForExitAsync(Late);
    }

    private string? After(string what) => Errors.Split('\n').Select(static line => line.Trim())
        .FirstOrDefault(line => line.Contains(what, StringComparison.Ordinal)) is { } line
        ? line[(line.IndexOf(what, StringComparison.Ordinal) + what.Length)..] : null;

    private static string[] FindCommand()
    {
        // artifacts/bin/PROJECT/CONFIGURATION, as for this assembly.
        string folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string program = Path.Combine(folder, "..", "..", "ZmqLoop.Tool", Path.GetFileName(folder), "ZmqLoop.Tool.dll");
        return [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.GetFullPath(program)];
    }
}
