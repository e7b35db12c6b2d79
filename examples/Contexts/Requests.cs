using ZmqLoop;

namespace Contexts;

internal static class Requests
{
    public static void Run()
    {
        using IOLoop loop = new();
        loop.RunSync(async () =>
        {
            foreach (string question in (string[])["16", "soup", "slow"])
                Console.WriteLine($"{question}: {await AnswerAsync(loop, question)}");
        });
    }

    private static async Task<string> AnswerAsync(IOLoop loop, string question)
    {
        string answer = "none";
        using CallbackScope request = new(TimeSpan.FromSeconds(0.25), loop);
        ExceptionStackContext errors = new(error => (answer = $"error, {error.GetType().Name}") is not null);
        try
        {
            await request.Run(() => errors.Run(async () => answer = await WorkAsync(question, request.CancellationToken)));
        }
        catch (OperationCanceledException) when (request.IsCancelled)
        {
            // Completion says which it was; an error would have gone to the handler.
        }

        return await request.Completion == ScopeOutcome.TimedOut ? "took too long" : answer;
    }

    private static async Task<string> WorkAsync(string question, CancellationToken cancel)
    {
        await Task.Delay(question == "slow" ? Timeout.Infinite : 10, cancel);
        return $"{Math.Sqrt(double.Parse(question))}";
    }
}
