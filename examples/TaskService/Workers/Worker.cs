using System.Text.Json;
using Microsoft.Extensions.Logging;
using ZmqLoop;
using ZmqLoop.Streams;

namespace TaskService.Workers;

/// <summary>The back end: a thread with a loop of its own, that answers jobs on a ROUTER socket. It might as well be a process.</summary>
internal sealed class Worker : IDisposable
{
    private readonly IOLoop _loop;
    private readonly Thread _thread;

    private Worker(IOLoop loop, Thread thread)
    {
        _loop = loop;
        _thread = thread;
    }

    /// <summary>Starts the thread; the worker listens when this returns.</summary>
    public static Worker Start(string endpoint, ILoggerFactory logs)
    {
        TaskCompletionSource<IOLoop> started = new();
        Thread thread = new(() => Run(endpoint, logs, started)) { Name = "worker", IsBackground = true };
        thread.Start();
        return new Worker(started.Task.GetAwaiter().GetResult(), thread);
    }

    public void Dispose()
    {
        _loop.Stop();
        _thread.Join();
    }

    private static void Run(string endpoint, ILoggerFactory logs, TaskCompletionSource<IOLoop> started)
    {
        try
        {
            using ZMQIOLoop loop = new(new IOLoopOptions { LoggerFactory = logs });
            using ZMQStream jobs = new(ZMQSocket.Create(SocketType.Router), loop,
                new ZMQStreamOptions { EnvelopeFormat = EnvelopeFormat.Delimiter });
            jobs.Bind(endpoint);
            jobs.OnRecv(message => Answer(jobs, message));
            started.SetResult(loop);
            loop.Start();
        }
        catch (Exception exception) when (started.TrySetException(exception))
        {
            // The endpoint is taken, say: Start throws it.
        }
    }

    private static void Answer(ZMQStream jobs, Message message)
    {
        ExceptionStackContext errors = new(error => Send(new JobReply(null, error.Message)));
        errors.Run(() =>
        {
            Job job = JsonSerializer.Deserialize(message[^1].Span, JobJson.Default.Job)!;
            Send(new JobReply(Do(job)));
        });

        bool Send(JobReply reply)
        {
            jobs.Send(message.Reply(Frame.Own(JsonSerializer.SerializeToUtf8Bytes(reply, JobJson.Default.JobReply))));
            return true;
        }
    }

    private static JsonElement Do(Job job) => job switch
    {
        { Fail: true } => throw new InvalidOperationException("the worker failed"),
        { Op: "sum", Numbers: { } numbers } => JsonSerializer.SerializeToElement(numbers.Sum(), JobJson.Default.Double),
        { Op: "echo", Payload: { } payload } => payload,
        _ => JsonSerializer.SerializeToElement(true, JobJson.Default.Boolean),
    };
}
