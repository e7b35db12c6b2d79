using System.Globalization;

namespace TaskService.Demo;

/// <summary>The lines that the demo writes while it runs.</summary>
internal static class Progress
{
    /// <summary>Writes how far the clients are, again and again, and once more at the end.</summary>
    public static async Task ShowAsync(IReadOnlyCollection<ClientProcess> clients, int requests, Task until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (await Task.WhenAny(until, Task.Delay(500)) != until) Write();
        Write();

        void Write()
        {
            int answered = clients.Sum(static client => client.Latest.Answered);
            int abandoned = clients.Where(static client => client.HasVanished).Sum(static client => client.Latest.Outstanding);
            int underWay = clients.Sum(static client => client.Latest.Sent) - answered - abandoned;
            double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            int done = answered + abandoned;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{seconds,6:F1} s  {done,6} of {requests} done, {underWay} under way, {abandoned} left by clients that vanished"));
        }
    }
}
