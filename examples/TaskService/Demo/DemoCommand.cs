using System.Collections.Concurrent;

namespace TaskService.Demo;

/// <summary><c>demo</c>: the service as a child process, foreign clients at it, good and bad; then a table of what they measured.</summary>
internal static class DemoCommand
{
    private const int InterruptRequests = 6;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(90);

    public static async Task<int> RunAsync(DemoOptions options)
    {
        using CancellationTokenSource limit = new(_limit);
        Foreign foreign = Foreign.Find();
        Console.WriteLine($"Clients: {foreign.Description}");
        using ServiceProcess service = await ServiceProcess.StartAsync(Math.Clamp(options.Requests / 20, 1, 500), limit.Token);
        Console.WriteLine($"Service: {service.Front}, on {service.Engine}");
        ConcurrentQueue<ClientProcess> clients = [];
        try
        {
            Task<Totals> driving = DriveAsync(options, foreign, service, clients, limit.Token);
            await Progress.ShowAsync(clients, options.Requests, driving);
            return (await driving).Print(Console.Out) ? 0 : 1;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"The demo did not end within {_limit.TotalSeconds} s. The service's log: {options.Log}");
            return 1;
        }
        finally
        {
            foreach (ClientProcess client in clients) client.Dispose();
            await File.WriteAllTextAsync(options.Log, service.Log, CancellationToken.None);
        }
    }

    private static async Task<Totals> DriveAsync(
        DemoOptions options, Foreign foreign, ServiceProcess service, ConcurrentQueue<ClientProcess> clients, CancellationToken cancel)
    {
        ClientOptions listening = new("subscriber", "sub", "run", 0, 0, service.Progress);
        using ClientProcess subscriber = new(foreign.StartSubscriber(service.Progress), listening);
        await subscriber.WaitForAsync("ready", cancel);
        Task<Report?> heard = subscriber.WaitForAsync("done", cancel);

        foreach (ClientOptions client in Plan(options, service.Front)) clients.Enqueue(ClientProcess.Start(foreign, client));
        Task<(int, int)> garbage = Garbage.ThrowAsync(service.Port, cancel);
        Report?[] reports = await Task.WhenAll(clients.Select(client => client.RunAsync(cancel)));

        // The last client has requests under way while the service is told to stop.
        ClientProcess last = ClientProcess.Start(
            foreign, new ClientOptions("interrupting", "dealer", "interrupt", InterruptRequests, 900_000_000, service.Front));
        clients.Enqueue(last);
        int underWay = (await last.WaitForAsync("in_flight", cancel))?.Outstanding ?? 0;
        (int, int) thrown = await garbage;
        (string, int?) ended = await service.InterruptAsync();
        Report? answered = await last.RunAsync(cancel);

        Totals totals = new()
        {
            ClientKind = foreign.Description,
            Subscriber = await heard,
            Garbage = thrown,
            Service = ended,
            Engine = service.Engine,
            Drained = (underWay, underWay - (answered?.Outstanding ?? underWay)),
            Log = options.Log,
        };
        foreach ((ClientProcess client, Report? report) in clients.Zip([.. reports, answered])) totals.Add(client.Options, report);
        return totals;
    }

    /// <summary>Who sends how much: DEALER and REQ clients in turns, and one of each that vanishes.</summary>
    private static List<ClientOptions> Plan(DemoOptions options, string endpoint)
    {
        int vanishing = Math.Clamp(options.Requests / 50, 20, 200);
        int rest = options.Requests - 2 * vanishing - InterruptRequests;
        List<ClientOptions> plan = [];
        for (int i = 0; i < options.Clients; i++)
        {
            int share = rest / options.Clients + (i < rest % options.Clients ? 1 : 0);
            string style = i % 2 == 0 ? "dealer" : "req";
            plan.Add(new ClientOptions($"{style} {i + 1}", style, "run", share, (i + 1) * 1_000_000, endpoint));
        }

        plan.Add(new ClientOptions("dealer that exits", "dealer", "exit", vanishing, 700_000_000, endpoint));
        plan.Add(new ClientOptions("req that is killed", "req", "killed", vanishing, 800_000_000, endpoint));
        return plan;
    }
}
