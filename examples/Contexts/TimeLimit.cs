using ZmqLoop;

namespace Contexts;

internal static class TimeLimit
{
    public static void Run()
    {
        using IOLoop loop = new();
        using CallbackScope request = new(TimeSpan.FromSeconds(0.25), loop);
        request.Run(() =>
        {
            PeriodicCallback progress = new(() => Console.WriteLine("progress"), TimeSpan.FromSeconds(0.1), loop);
            progress.Start();
            loop.CallLater(60, () => Console.WriteLine("the answer"));
            loop.AddCallback(() => WaitAsync(CallbackScope.CurrentToken));
        });
        loop.AddFuture(request.Completion, ended =>
        {
            Console.WriteLine($"{ended.Result}, pending: {request.Pending}");
            loop.Stop();
        });
        loop.Start();
    }

    private static async Task WaitAsync(CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        finally
        {
            Console.WriteLine("tidied up"); // still inside the request, which waits for it
        }
    }
}
