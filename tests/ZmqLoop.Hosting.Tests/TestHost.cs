using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ZmqLoop.Hosting;

/// <summary>A real host with the application's loop on the engine under test, and what it logged.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly ZMQEngine _engine = EngineUnderTest.Current.CreateEngine();
    private readonly RecordingLoggers _loggers = new();
    private readonly List<ZMQSocket> _peers = [];
    private readonly IHost _host;

    public TestHost(Action<HostedLoopBuilder> add, Action<HostedLoopOptions>? configure = null)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Environment.ApplicationName = "Shop";
        builder.Services.AddSingleton<ILoggerFactory>(_loggers);
        builder.Services.AddHealthChecks().AddZmqLoops();
        builder.Services.ConfigureAll<HostedLoopOptions>(options => options.Engine = _engine);
        add(builder.Services.AddZmqLoop(configure));
        _host = builder.Build();
    }

    public IServiceProvider Services => _host.Services;

    public IEnumerable<string> Log => _loggers.Entries.Select(static entry => $"{entry.Item2}: {entry.Item3}");

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync(CancellationToken hostsTime = default) => _host.StopAsync(hostsTime);

    public ZMQStream Stream(string name) => Services.GetRequiredKeyedService<ZMQStream>(name);

    public Task<HealthReport> CheckAsync() =>
        Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

    /// <summary>A peer on the test's thread, connected to where the log says that something is bound.</summary>
    public ZMQSocket Connect(SocketType type, string to)
    {
        ZMQSocket peer = _engine.CreateSocket(type);
        _peers.Add(peer);
        peer.Linger = TimeSpan.Zero;
        peer.Connect(EndpointOf(to));
        return peer;
    }

    public string EndpointOf(string bound)
    {
        string head = $"Information: {bound} is bound to ";
        return Log.Single(line => line.StartsWith(head, StringComparison.Ordinal))[head.Length..];
    }

    /// <summary>The host alone, with its services; twice is fine.</summary>
    public ValueTask DisposeServicesAsync() => ((IAsyncDisposable)_host).DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (ZMQSocket peer in _peers) peer.Dispose();
        await DisposeServicesAsync();
        _engine.Dispose();
        _loggers.Dispose();
    }

    public static void Send(ZMQSocket peer, params string[] frames)
    {
        using Message message = new([.. frames.Select(static frame => (Frame)frame)]);
        Deadline.WaitUntil(() => peer.TrySend(message));
    }

    public static string Receive(ZMQSocket peer)
    {
        Message? reply = null;
        Deadline.WaitUntil(() => peer.TryReceive(out reply));
        return string.Join("|", reply!.Select(static frame => frame.ToText()));
    }
}
