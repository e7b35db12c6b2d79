using System.Globalization;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>What a stream that waits for messages takes of managed memory: counted in a process of its own, where nobody else
/// allocates.</summary>
public sealed class IdleMemoryTests
{
    private const int Count = 400;
    private const string Word = "bytes for each stream: ";

    [Fact]
    public async Task An_idle_stream_takes_little_memory()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(IdleMemoryTests), nameof(Here_streams_are_idle));
        Assert.True(exitCode == 0, output);
        string figure = output[(output.IndexOf(Word, StringComparison.Ordinal) + Word.Length)..].Split('\n')[0];
        int most = EngineUnderTest.Current.Name == "NetMQ" ? 6_000 : 2_600; // NetMQ's sockets are managed objects
        Assert.InRange(int.Parse(figure, CultureInfo.InvariantCulture), 1, most);
    }

    [Fact]
    public void Here_streams_are_idle()
    {
        TestProcess.SkipElsewhere();
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        Stack<ZMQStream> streams = new(Count + 1);
        streams.Push(Open());
        loop.RunSync(static () => Task.CompletedTask); // all that is made once is there
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Count; i++) streams.Push(Open());
        loop.RunSync(static () => Task.CompletedTask);
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Console.WriteLine(Word + each.ToString(CultureInfo.InvariantCulture));
        foreach (ZMQStream stream in streams) stream.Close();

        ZMQStream Open()
        {
            ZMQStream stream = new(engine.CreateSocket(SocketType.Pull), loop);
            stream.Bind(RealWorld.Inproc());
            stream.OnRecv(static _ => { });
            return stream;
        }
    }
}
