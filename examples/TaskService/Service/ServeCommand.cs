using Microsoft.Extensions.Logging;
using TaskService.Workers;
using ZmqLoop;

namespace TaskService.Service;

/// <summary><c>serve</c>: runs the service on this thread until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    private const string WorkerEndpoint = "inproc://worker";

    public static int Run(ServiceOptions options)
    {
        using ILoggerFactory logs = CreateLogs();
        ZMQIOLoop loop = ZMQIOLoop.Install(new IOLoopOptions { LoggerFactory = logs });
        using Worker worker = Worker.Start(WorkerEndpoint, logs);
        using WorkerClient client = new(loop, WorkerEndpoint);
        using TaskServer server = new(loop, options, client, logs);

        loop.StopOnSignals(server.FinishAsync);
        Console.WriteLine($"engine {loop.Engine.Name}");
        Console.WriteLine($"front {server.FrontEndpoint}");
        Console.WriteLine($"progress {server.ProgressEndpoint}");
        Console.WriteLine("ready");
        loop.Start();
        return 0;
    }

    /// <summary>Logs to stderr: stdout tells the endpoints.</summary>
    private static ILoggerFactory CreateLogs() => LoggerFactory.Create(logs => logs
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console =>
        {
            console.IncludeScopes = true;
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        }));
}
