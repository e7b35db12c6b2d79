namespace ZmqLoop.Streams.SocketTests;

/// <summary>Threads that use a stream while it, or its loop, is being closed: each hears what became of what it asked for.</summary>
public sealed class RaceTests
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_threads_send_as_the_stream_is_closed_is_refused_at_the_call_or_told_its_end_once(bool drain)
    {
        const int Rounds = 20;
        const int Threads = 4;
        for (int round = 0; round < Rounds; round++)
        {
            using RealWorld world = new();
            (ZMQStream stream, ZMQSocket _) = world.Pair(SocketType.Push, SocketType.Pull);
            int accepted = 0;
            int told = 0;
            int closed = 0;
            int toldAtClose = -1;
            List<Task> tasks = [];
            stream.SetCloseCallback(() =>
            {
                closed++;
                toldAtClose = Volatile.Read(ref told);
            });
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
            {
                for (int i = 0; ; i++)
                {
                    try
                    {
                        if (i % 2 == 0)
                        {
                            stream.Send("x", (_, _) => Interlocked.Increment(ref told));
                            Interlocked.Increment(ref accepted);
                        }
                        else
                        {
                            Task sent = stream.SendAsync(new Message("y"), Ends);
                            lock (tasks) tasks.Add(sent);
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            }))];
            world.Loop.AddCallback(() => Array.ForEach(threads, static thread => thread.Start()));
            Thread closer = new(() =>
            {
                Deadline.WaitUntil(() => Volatile.Read(ref accepted) > 20);
                if (drain) _ = stream.CloseAsync(TimeSpan.FromMilliseconds(1));
                else stream.Close();
            });
            closer.Start();
            world.RunUntil(() => closed > 0 && !Array.Exists(threads, static thread => thread.IsAlive));
            closer.Join();
            Array.ForEach(threads, static thread => thread.Join());
            Assert.Equal((1, accepted, accepted), (closed, told, toldAtClose));
            Assert.All(tasks, static task => Assert.True(task.IsCompleted));
            Assert.Empty(world.Loop.Errors);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_waits_or_closes_as_the_loop_is_closed_waits_not_for_ever(bool allFds)
    {
        for (int round = 0; round < 40; round++)
        {
            using RealWorld world = new();
            ZMQStream[] streams = [.. Enumerable.Range(0, 4).Select(_ => world.Stream(SocketType.Dealer))]; // to nobody
            List<Task> waiting = [];
            using Barrier start = new(streams.Length + 1);
            Thread[] threads = [.. streams.Select((stream, number) => new Thread(() =>
            {
                start.SignalAndWait(Ends);
                List<Func<Task>> asks =
                [
                    () => stream.ReceiveAsync(Ends).AsTask(), () => stream.PollAsync(cancellationToken: Ends),
                    () => stream.Reader.WaitToReadAsync(Ends).AsTask(),
                    () => stream.SendAsync(new Message("x"), Ends), () => stream.CloseAsync(TimeSpan.FromMilliseconds(1)),
                ];
                foreach (Func<Task> ask in asks.Skip(number))
                {
                    try
                    {
                        Task asked = ask();
                        lock (waiting) waiting.Add(asked);
                    }
                    catch (ObjectDisposedException)
                    {
                        // Too late, and said so.
                    }
                }
            }))];
            Array.ForEach(threads, static thread => thread.Start());
            world.Loop.AddCallback(() =>
            {
                start.SignalAndWait(Ends);
                world.Loop.Stop();
            });
            world.Loop.Start();
            world.Loop.Close(allFds);
            Array.ForEach(threads, static thread => thread.Join());
            foreach (Task task in waiting)
                await task.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Deadline.Default, Ends);
            Assert.All(streams, static stream => Assert.True(stream.Socket.IsClosed));
            Assert.Empty(world.Loop.Errors);
        }
    }
}
