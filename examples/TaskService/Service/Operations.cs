using System.Text.Json;
using TaskService.Workers;
using ZmqLoop;

namespace TaskService.Service;

/// <summary>What the service does for a request: a timer, then the thread pool, then the worker. Nothing here handles an error:
/// whatever throws, the contexts around the request answer it.</summary>
internal sealed class Operations(IOLoop loop, WorkerClient worker, Action<Request, JsonElement> answer)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(1);

    public void Start(Request request, TaskRequest task)
    {
        switch (task.Op)
        {
            case "echo":
                Work(request, new Job("echo", Payload: task.Payload ?? throw Missing("payload")));
                break;
            case "sum":
                Work(request, new Job("sum", Numbers: task.Args ?? throw Missing("args")));
                break;
            case "slow":
                loop.AddCallback(() => SlowAsync(request, task));
                break;
            case "fail_now":
                throw new InvalidOperationException($"{request} failed at once");
            case "fail_late":
                Work(request, new Job("fail"), task.Where ?? throw Missing("where"));
                break;
            default:
                throw new ServiceException("unknown_op", $"There is no op '{task.Op}'.");
        }
    }

    /// <summary>The way of callbacks.</summary>
    private void Work(Request request, Job job, string? failAt = null)
    {
        loop.CallLater(_pause, () =>
        {
            request.Stage = Stage.Timer;
            FailAt("timer");
            loop.AddFuture(loop.RunInExecutor(Prepare), SendToWorker);
        });

        Job Prepare()
        {
            FailAt("pool");
            return job with { Fail = failAt == "worker" };
        }

        void SendToWorker(Task<Job> prepared)
        {
            request.Stage = Stage.Pool;
            worker.Call(prepared.GetAwaiter().GetResult(), reply =>
            {
                request.Stage = Stage.Worker;
                JsonElement result = reply.GetResult();
                FailAt("reply");
                answer(request, result);
            });
        }

        void FailAt(string where)
        {
            if (where == failAt) throw new InvalidOperationException($"{request} failed in its {where}");
        }
    }

    /// <summary>The way of await: after each, the request's contexts are in force again.</summary>
    private async Task SlowAsync(Request request, TaskRequest task)
    {
        await Task.Delay(task.Milliseconds);
        request.Stage = Stage.Timer;
        Job job = await loop.RunInExecutor(() => new Job("echo", Payload: task.Payload ?? throw Missing("payload")));
        request.Stage = Stage.Pool;
        JsonElement result = await worker.CallAsync(job);
        answer(request, result);
    }

    private static ServiceException Missing(string name) => new("bad_request", $"The op needs '{name}'.");
}
