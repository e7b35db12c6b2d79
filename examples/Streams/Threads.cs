using ZmqLoop;
using ZmqLoop.Streams;

namespace Streams;

internal static class Threads
{
    public static void Run()
    {
        using LibZmqEngine engine = new();
        using ZMQIOLoop loop = new(engine);
        using ZMQStream server = new(engine.CreateSocket(SocketType.Rep), loop);
        using ZMQStream client = new(engine.CreateSocket(SocketType.Req), loop);
        server.Bind("inproc://questions");
        client.Connect("inproc://questions");

        // Callbacks run on the loop's thread, one at a time: no locks.
        int answered = 0;
        server.OnRecv(question => server.Send($"{question[0].ToText()}: answer {++answered}"));

        // Sending and awaiting work on any thread, and the await resumes where it began: here, on the thread pool.
        Task asking = Task.Run(async () =>
        {
            foreach (string question in (string[])["where", "when"])
            {
                await client.SendAsync(new Message(question));
                Message answer = await client.ReceiveAsync(TimeSpan.FromSeconds(10));
                Console.WriteLine(answer[0].ToText());
            }

            try
            {
                client.Connect("inproc://elsewhere"); // the rest belongs to the loop's thread, and says so
            }
            catch (InvalidOperationException)
            {
                await loop.InvokeAsync(() => Console.WriteLine($"on the loop: {loop.CheckAccess()}"));
            }

            loop.Stop();
        });
        loop.Start();
        asking.Wait();
    }
}
