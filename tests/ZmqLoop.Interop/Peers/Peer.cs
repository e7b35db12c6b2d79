using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZmqLoop.Interop.Peers;

/// <summary>Another ZeroMQ in a process of its own, which does what it is told: see peer.py and peer.js. It is killed when it is disposed
/// of, and ends by itself should we be.</summary>
internal sealed class Peer : ChildProcess
{
    // Only a failure waits for it, on a machine that may be busy with other tests.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private int _sockets;

    private Peer(ProcessStartInfo start) : base(start)
    {
    }

    /// <summary>Starts one, or skips the test where there is none.</summary>
    public static Peer Start(PeerKind kind)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Peers");
        ProcessStartInfo start;
        if (kind == PeerKind.Pyzmq)
        {
            Pyzmq.SkipIfMissing();
            start = new ProcessStartInfo(Pyzmq.Path, ["-u", Path.Combine(folder, "peer.py")]);
        }
        else
        {
            ZeromqJs.SkipIfMissing();
            start = new ProcessStartInfo("node", [Path.Combine(folder, "peer.js")]);
            start.Environment["NODE_PATH"] = ZeromqJs.Modules;
        }

        start.RedirectStandardInput = true;
        return new Peer(start);
    }

    /// <summary>A new socket, with ZeroMQ's name of the type.</summary>
    public async Task<PeerSocket> OpenAsync(SocketType type, JsonObject? options = null)
    {
        string id = $"{++_sockets}";
        await CallAsync(new JsonObject { ["cmd"] = "open", ["id"] = id, ["type"] = type.ToString().ToLowerInvariant(),
            ["options"] = options ?? [] });
        return new PeerSocket(this, id);
    }

    /// <summary>Has a command done.</summary>
    /// <exception cref="InvalidOperationException">The peer could not do it, or is gone.</exception>
    public async Task<JsonObject> CallAsync(JsonObject command)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(_limit);
        await Process.StandardInput.WriteLineAsync(command.ToJsonString().AsMemory(), late.Token);
        await Process.StandardInput.FlushAsync(late.Token);
        string line =
            await Process.StandardOutput.ReadLineAsync(late.Token) ?? throw new InvalidOperationException($"The peer has ended. {Errors}");
        JsonObject answer = JsonSerializer.Deserialize<JsonObject>(line)!;
        return answer["error"] is { } error ? throw new InvalidOperationException($"{command["cmd"]}: {error} {Errors}") : answer;
    }
}

/// <summary>Which other ZeroMQ.</summary>
public enum PeerKind
{
    /// <summary>Python's.</summary>
    Pyzmq,

    /// <summary>Node's.</summary>
    ZeromqJs,
}
