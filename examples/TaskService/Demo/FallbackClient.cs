using System.Text;
using System.Text.Json;
using ZmqLoop;

namespace TaskService.Demo;

/// <summary>What <c>client.py</c> is, in .NET and smaller, for machines without pyzmq: bare sockets in a process of their own, without a
/// loop.</summary>
internal sealed class FallbackClient : IDisposable
{
    private const double TellEvery = 0.25; // seconds
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly ClientOptions _options;
    private readonly ZMQSocket _socket;
    private readonly ZMQPoller _poller = new();
    private readonly Dictionary<string, (FallbackCase Case, long Since)> _pending = [];
    private readonly HashSet<string> _answered = [];
    private readonly Dictionary<string, int> _errors = [];
    private readonly List<double> _latencies = [];
    private readonly List<string> _notes = [];
    private readonly double _first = Now;
    private int _sent;
    private int _ok;
    private int _duplicates;
    private int _mismatched;
    private double _last = Now;
    private double _told = Now;
    private int _toldOf;

    private FallbackClient(ClientOptions options)
    {
        _options = options;
        _socket = ZMQSocket.Create(IsReq ? SocketType.Req : SocketType.Dealer);
        _socket.Linger = TimeSpan.Zero;
        _socket.Connect(options.Endpoint);
        _poller.Register(_socket, IOEvents.Read);
    }

    private bool IsReq => _options.Style == "req";

    private static double Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;

    public static int Run(ClientOptions options)
    {
        using FallbackClient client = new(options);
        switch (options.Plan)
        {
            case "exit" or "killed":
                client.Vanish();
                break;
            case "interrupt":
                client.Interrupt();
                break;
            default:
                client.SendAll(options.Requests, FallbackCase.Make);
                client.Finish(TimeSpan.FromMilliseconds(100));
                break;
        }

        return 0;
    }

    public void Dispose()
    {
        _poller.Close();
        _socket.Dispose();
    }

    private void SendAll(int count, Func<int, long, FallbackCase> make)
    {
        for (int i = 0; i < count; i++) Send(make(i, _options.FirstId + i));
    }

    /// <summary>Leaves in the middle, with a slow request under way.</summary>
    private void Vanish()
    {
        SendAll(_options.Requests - 1, FallbackCase.Make);
        Send(FallbackCase.Slow(_options.FirstId + _options.Requests));
        Thread.Sleep(100); // it is on its way
        Tell("vanishing");
        if (_options.Plan == "killed") Thread.Sleep(60_000);
        Environment.Exit(9);
    }

    /// <summary>Has slow requests under way while the service is told to stop.</summary>
    private void Interrupt()
    {
        SendAll(_options.Requests - 1, (_, id) => FallbackCase.Slow(id));
        FallbackCase last = FallbackCase.Echo(_options.FirstId + _options.Requests);
        Send(last);
        while (_pending.ContainsKey(last.Key) && Receive(_patience))
        {
        }

        Tell("in_flight");
        Finish(TimeSpan.Zero);
    }

    private void Finish(TimeSpan more)
    {
        while (_pending.Count > 0 && Receive(_patience))
        {
        }

        while (Receive(more))
        {
            // There should be nothing more: Receive counts it.
        }

        Tell("done");
    }

    private void Send(FallbackCase request)
    {
        int window = IsReq ? 1 : 24;
        while (_pending.Count >= window && Receive(_patience))
        {
        }

        _pending.Add(request.Key, (request, TimeProvider.System.GetTimestamp()));
        Message message = new(request.Body);
        if (!IsReq) message.Prepend(Frame.Empty).Prepend(request.Key); // comes back with the reply
        while (!_socket.TrySend(message)) _poller.Poll(0.001);
        _sent++;
    }

    private bool Receive(TimeSpan patience)
    {
        // Asked first: a REQ socket that waits for no reply refuses to receive.
        if (!Wait(patience)) return false;
        if (!_socket.TryReceive(out Message? message)) return false;

        string key = IsReq ? _pending.Keys.FirstOrDefault("") : message[0].ToText();
        if (!_pending.Remove(key, out (FallbackCase Case, long Since) asked))
        {
            if (_answered.Contains(key)) _duplicates++;
            else _mismatched++;
            return true;
        }

        _answered.Add(key);
        _latencies.Add(TimeProvider.System.GetElapsedTime(asked.Since).TotalMilliseconds);
        if (asked.Case.Kind != "timeout") _last = Now; // until it there was nothing but waiting
        Check(asked.Case, message[^1]);
        if (Now - _told > TellEvery) Tell("progress");
        return true;
    }

    /// <summary>Waits for so long at most, and tells meanwhile what was answered before.</summary>
    private bool Wait(TimeSpan patience)
    {
        double end = Now + patience.TotalSeconds;
        while (true)
        {
            double left = Math.Max(0, end - Now);
            if ((_socket.Events & IOEvents.Read) != 0 || _poller.Poll(Math.Min(left, TellEvery)).Count > 0) return true;
            if (left == 0) return false;
            if (_latencies.Count != _toldOf) Tell("progress");
        }
    }

    private void Check(FallbackCase request, Frame body)
    {
        using JsonDocument reply = JsonDocument.Parse(body.ToArray());
        string? kind = reply.RootElement.TryGetProperty("error", out JsonElement error) ? error.GetProperty("kind").GetString() : null;
        if (kind is null) _ok++;
        else _errors[kind] = _errors.GetValueOrDefault(kind) + 1;
        bool right =
            kind == request.Kind && (request.Kind is not null || reply.RootElement.GetProperty("result").GetRawText() == request.Result);
        if (right) return;
        _mismatched++;
        if (_notes.Count < 3) _notes.Add($"{request.Key} got {Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 200)])}");
    }

    private void Tell(string what)
    {
        _told = Now;
        _toldOf = _latencies.Count;
        Report report = new() { Event = what, Client = _options.Name, Sent = _sent, Answered = _latencies.Count };
        if (what != "progress")
        {
            report = report with
            {
                Ok = _ok, Errors = _errors, Outstanding = _pending.Count, Duplicates = _duplicates, Mismatched = _mismatched,
                First = _first, Last = _last, Latencies = [.. _latencies], Notes = [.. _notes],
            };
        }

        Console.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.Report));
    }
}
