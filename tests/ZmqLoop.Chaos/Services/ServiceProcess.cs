using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ZmqLoop.Chaos.Services;

/// <summary>A service as a process of its own, to be attacked and killed.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly StringBuilder _errors = new();

    private ServiceProcess(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null) _lines.Add(line.Data);
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                if (_errors.Length < 20_000) _errors.AppendLine(line.Data);
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Ports = JsonSerializer.Deserialize<Dictionary<string, string>>(Read("READY "))!;
    }

    public IReadOnlyDictionary<string, string> Ports { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to stderr.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>This program, as a service of a kind.</summary>
    /// <param name="engine">Its engine.</param>
    /// <param name="kind">See <see cref="ServiceHost"/>.</param>
    /// <param name="arguments">Of that kind.</param>
    /// <param name="wrapper">A command that runs it, such as <c>sh -c "ulimit …"</c>.</param>
    /// <param name="environment">More variables.</param>
    public static ServiceProcess Start(
        string engine, string kind, IReadOnlyList<string>? arguments = null, IReadOnlyList<string>? wrapper = null,
        IReadOnlyDictionary<string, string>? environment = null) => new(
        [.. wrapper ?? [], .. ThisProgram.Command, "serve", kind, engine, .. arguments ?? []],
        environment ?? new Dictionary<string, string>());

    public int Port(string target) => int.Parse(Ports[target], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How it is; null where it does not say.</summary>
    public ServiceState Ask()
    {
        Write("stat");
        return JsonSerializer.Deserialize<ServiceState>(Read("STAT "))!;
    }

    /// <summary>Has it replace a socket that does nothing any more.</summary>
    public void Again(string name) => Write($"again {name}");

    public Footprint Footprint() => Chaos.Footprint.Of(Id, Ask().Heap);

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _lines.Dispose();
    }

    private void Write(string line)
    {
        try
        {
            lock (_lines)
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            _process.WaitForExit(); // and all that it wrote is here
            throw new InvalidOperationException($"The service ended with {_process.ExitCode}: {Errors}");
        }
    }

    private string Read(string begin)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < _limit)
        {
            if (_lines.TryTake(out string? line, 100) && line.StartsWith(begin, StringComparison.Ordinal)) return line[begin.Length..];
            if (_process.HasExited && _lines.Count == 0)
                throw new InvalidOperationException($"The service ended with {_process.ExitCode}: {Errors}");
        }

        throw new TimeoutException($"The service did not say {begin.Trim()} within {_limit}: {Errors}");
    }
}
