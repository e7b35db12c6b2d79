using ZmqLoop;
using ZmqLoop.Streams;

namespace Streams;

internal static class Closing
{
    public static void Run()
    {
        using LibZmqEngine engine = new();
        using ZMQIOLoop loop = new(engine);
        using ZMQStream jobs = new(engine.CreateSocket(SocketType.Push), loop);
        using ZMQStream worker = new(engine.CreateSocket(SocketType.Pull), loop);
        jobs.Bind("inproc://jobs");
        worker.Connect("inproc://jobs");

        TaskCompletionSource longJob = new();
        worker.OnRecv(async (job, closing) =>
        {
            Console.WriteLine($"job {job[0].ToText()}");
            if (job[0].ToText() != "long") return;
            longJob.SetResult();
            await Task.Delay(Timeout.Infinite, closing); // gives up when the stream begins to close
        });
        worker.SetCloseCallback(() => Console.WriteLine("worker closed"));

        loop.RunSync(async () =>
        {
            foreach (string job in (string[])["short", "long", "never begun"]) jobs.Send(job);
            await jobs.CloseAsync(drain: TimeSpan.FromSeconds(10)); // sends what is queued, then closes
            await longJob.Task;
            await worker.CloseAsync(drain: TimeSpan.FromSeconds(10)); // waits for the job under way; receives no more
        });

        try
        {
            jobs.Send("too late");
        }
        catch (ObjectDisposedException)
        {
            Console.WriteLine("a closed stream queues nothing");
        }
    }
}
