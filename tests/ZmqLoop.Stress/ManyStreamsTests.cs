using System.Globalization;
using ZmqLoop.Streams;

namespace ZmqLoop.Stress;

/// <summary>As many streams in one loop as the process may have descriptors for: in a process of its own, since NetMQ is told but once how
/// many sockets there may be.</summary>
public sealed class ManyStreamsTests(ITestOutputHelper output)
{
    private const int Most = 9_500;
    private const int Reserve = 500; // descriptors for everything else, and for the sockets that send
    private const int Written = 50;

    [Fact]
    public async Task A_loop_has_as_many_streams_as_there_are_descriptors_and_each_of_them_opens_idles_receives_and_closes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted as on Linux.");
        (int exitCode, string written) = await TestProcess.RunAsync(typeof(ManyStreamsTests), nameof(Here_there_are_many));
        output.WriteLine(written);
        Assert.True(exitCode == 0, written);
    }

    [Fact]
    public void Here_there_are_many()
    {
        TestProcess.SkipElsewhere();
        using ZMQEngine engine = EngineUnderTest.Current.Name == "NetMQ"
            ? new NetMQEngine(new NetMQEngineOptions { MaxSockets = Most + Reserve })
            : EngineUnderTest.Current.CreateEngine();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        int received = 0;
        List<ZMQStream> streams = [Open()]; // with what the engine needs once
        int before = Descriptors();
        for (int i = 0; i < 10; i++) streams.Add(Open());
        int each = (Descriptors() - before) / 10;
        int count = Math.Min(Most, (Limit() - before - Reserve) / each);
        while (streams.Count < count) streams.Add(Open());
        long bytes = GC.GetTotalMemory(forceFullCollection: true) / count;
        Console.WriteLine($"{EngineUnderTest.Current.Name}: {count} streams, {each} descriptors and {bytes} bytes for each");

        List<ZMQSocket> senders = [];
        for (int i = 0; i < Written; i++)
        {
            ZMQSocket sender = engine.CreateSocket(SocketType.Push);
            senders.Add(sender);
            sender.Connect(streams[i * (count - 1) / (Written - 1)].Socket.LastEndpoint);
            Assert.True(sender.TrySend(new Message("x")));
        }

        Deadline.RunUntil(loop, () => received == Written, () => $"{received} received");
        senders.ForEach(static sender => sender.Close(TimeSpan.Zero));
        streams.ForEach(static stream => stream.Close());
        Assert.Empty(ZMQStream.GetOpenStreams(loop));
        Deadline.WaitUntil(() => Descriptors() < before + Reserve);
        ZMQStream last = Open(); // what has closed so many serves on
        using ZMQSocket lastSender = engine.CreateSocket(SocketType.Push);
        lastSender.Connect(last.Socket.LastEndpoint);
        Assert.True(lastSender.TrySend(new Message("x")));
        Deadline.RunUntil(loop, () => received == Written + 1, () => $"{received} received");
        last.Close();

        ZMQStream Open()
        {
            ZMQStream stream = new(engine.CreateSocket(SocketType.Pull), loop);
            stream.Bind($"inproc://{Guid.NewGuid()}");
            stream.OnRecv(_ => received++, copy: false);
            return stream;
        }
    }

    private static int Limit()
    {
        string line = File.ReadLines("/proc/self/limits").First(static line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture, out int limit)
            ? limit
            : int.MaxValue; // unlimited
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
