using NetMQ;
using ZmqLoop;
using ZmqLoop.Streams;

namespace NetMQPrograms;

internal static class Workers
{
    private const string Tasks = "inproc://tasks";
    private const string Results = "inproc://results";

    public static async Task RunAsync()
    {
        IOLoopThread main = IOLoopThread.Start(() => new ZMQIOLoop(), "main");
        IOLoopThread[] threads =
            [.. Enumerable.Range(1, 2).Select(static number => IOLoopThread.Start(() => new ZMQIOLoop(), $"worker {number}"))];
        using CancellationTokenSource stop = new();
        Task[] workers = [];
        int sum = await main.Loop.InvokeAsync(async () =>
        {
            await using ZMQStream tasks = new(ZMQSocket.Create(SocketType.Push));
            await using ZMQStream results = new(ZMQSocket.Create(SocketType.Pull));
            tasks.Bind(Tasks);
            results.Bind(Results);
            workers = [.. threads.Select(thread => thread.Loop.InvokeAsync(() => WorkAsync(stop.Token)))];
            for (int i = 1; i <= 100; i++) tasks.Send(new Message($"{i}"));
            int sum = 0;
            for (int i = 1; i <= 100; i++) sum += int.Parse((await results.ReceiveAsync())[0].ToText());
            return sum;
        });
        await stop.CancelAsync();
        await Task.WhenAll(workers); // each has closed its streams
        foreach (IOLoopThread thread in (IOLoopThread[])[main, .. threads]) await thread.DisposeAsync();
        NetMQConfig.Cleanup(); // does not wait for anybody
        Console.WriteLine(sum);
    }

    /// <summary>What was the body of a thread: the streams are made, used and closed on the worker's own loop.</summary>
    private static async Task WorkAsync(CancellationToken stop)
    {
        await using ZMQStream tasks = new(ZMQSocket.Create(SocketType.Pull));
        await using ZMQStream results = new(ZMQSocket.Create(SocketType.Push));
        tasks.Connect(Tasks);
        results.Connect(Results);
        try
        {
            await foreach (Message task in tasks.ReadAllAsync(stop))
            {
                int number = int.Parse(task[0].ToText());
                results.Send(new Message($"{number * number}"));
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
