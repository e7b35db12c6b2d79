using System.Diagnostics;

namespace ZmqLoop.Fuzz;

/// <summary>Many connections, held by a process of their own, which has descriptors enough.</summary>
internal sealed class Strangers : IDisposable
{
    private const string Program = """
        import socket, sys
        held = []
        for _ in range(int(sys.argv[2])):
            try:
                one = socket.socket()
                one.settimeout(0.2)
                one.connect(("127.0.0.1", int(sys.argv[1])))
            except OSError:
                break
            held.append(one)
        print(len(held), flush=True)
        sys.stdin.readline()
        """;

    private readonly Process _process;

    private Strangers(Process process) => _process = process;

    /// <summary>Connects until there are that many, or until nobody answers.</summary>
    public static async Task<Strangers> StartAsync(int port, int count)
    {
        ProcessStartInfo start = new("python3", ["-c", Program, $"{port}", $"{count}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        await process.StandardOutput.ReadLineAsync();
        return new Strangers(process);
    }

    public void Leave()
    {
        if (_process.HasExited) return;
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Leave();
        _process.Dispose();
    }
}
