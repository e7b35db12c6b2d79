using System.Diagnostics;
using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Peers;

/// <summary>A client of ours in a process of its own, which can be killed: says hello, and gives back what it is told.</summary>
public sealed class OurClient
{
    private const string Variable = "ZMQLOOP_CLIENT_OF";

    /// <summary>Starts one, which ends by itself should we be gone.</summary>
    internal static Process Start(string endpoint, Dictionary<string, string> environment)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!,
            OneTest.Arguments(typeof(OurClient), nameof(Here_it_runs))) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[Variable] = endpoint;
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [Fact]
    public void Here_it_runs()
    {
        string? endpoint = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(endpoint is null, "Runs in the process that other tests start.");
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQIOLoop loop = new(engine);
        using ZMQStream stream = new(engine.CreateSocket(SocketType.Dealer), loop);
        stream.Connect(endpoint);
        stream.OnRecv(message => stream.Send(message));
        stream.Send("hello");
        loop.AddFuture(Console.OpenStandardInput().CopyToAsync(Stream.Null, TestContext.Current.CancellationToken), _ => loop.Stop());
        loop.Start();
    }
}
