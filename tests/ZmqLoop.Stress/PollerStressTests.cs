using System.Diagnostics;

namespace ZmqLoop.Stress;

/// <summary>Both pollers of the engine, for longer and harder than the conformance suite.</summary>
public sealed class PollerStressTests
{
    private static readonly IOLoopOptions _options = new() { MakeCurrent = false };

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void In_half_a_million_races_of_posting_threads_with_a_ZMQIOLoop_no_wake_up_is_lost(bool ownPoller, int posters)
    {
        using ZMQEngine engine = Make(ownPoller);
        using ZMQIOLoop loop = new(engine, _options);
        using ZMQSocket idle = engine.CreateSocket(SocketType.Pull); // a poller with nothing to watch would prove less
        idle.Bind($"inproc://idle-{ownPoller}-{posters}");
        loop.AddHandler(idle, static (_, _) => { }, IOEvents.Read);
        int posts = SleepWakeRace.Run(loop, 500_000, TimeSpan.FromSeconds(30), posters);
        Say($"{posts} posts of {posters} threads, {loop.Statistics.Turns} turns of {loop}");
        Assert.True(posts > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ten_thousand_registered_sockets_opened_and_closed_leave_no_descriptors_behind(bool ownPoller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        using ZMQEngine engine = Make(ownPoller);
        using IPoller poller = engine.CreatePoller();
        ReadyList ready = new();
        int before = int.MaxValue;
        for (int i = 0; i < 10_100; i++)
        {
            if (i == 100) before = Settled(int.MaxValue); // what is opened once and for all is open
            OpenAndClose(engine, poller, ready, i);
            if (i % 100 == 99) Settled(before); // libzmq closes in the background, and has room for a thousand
        }

        Say($"{Settled(before)} descriptors, {before} before");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_a_storm_of_signals_no_timer_is_early_and_every_message_arrives(bool ownPoller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent as on Linux.");
        On(ownPoller).Need(Abilities.SystemCalls);
        const int Messages = 3000;
        const int Timers = 500;
        using ZMQEngine engine = Make(ownPoller);
        using ZMQIOLoop loop = new(engine, _options);
        using ZMQSocket receiver = engine.CreateSocket(SocketType.Pull);
        using ZMQSocket sender = engine.CreateSocket(SocketType.Push);
        receiver.Bind("inproc://storm");
        sender.Connect("inproc://storm");
        int received = 0;
        loop.AddHandler(receiver, (_, _) =>
        {
            while (receiver.TryReceive(out Message? message))
                Assert.Equal(received++, int.Parse(message[0].Span, provider: System.Globalization.CultureInfo.InvariantCulture));
        }, IOEvents.Read);
        int early = 0;
        int fired = 0;
        Random random = new(5);
        void Arm()
        {
            TimeSpan delay = TimeSpan.FromMicroseconds(random.Next(100, 5000));
            long start = Stopwatch.GetTimestamp();
            loop.CallLater(delay, () =>
            {
                if (Stopwatch.GetElapsedTime(start) < delay) early++;
                if (++fired < Timers) Arm();
            });
        }

        Thread posting = new(() =>
        {
            for (int i = 0; i < Messages; i++)
            {
                int sent = i;
                Deadline.WaitUntil(() => sender.TrySend(new Message($"{sent}")));
                if (i % 3 == 0) Deadline.WaitUntil(() => Volatile.Read(ref received) > sent); // lets the loop sleep
            }
        });
        loop.AddCallback(Arm);
        int signals;
        using (Interruptions storm = new(storm: true))
        {
            posting.Start();
            Deadline.RunUntil(loop, () => received == Messages && fired == Timers, () => $"{received} received, {fired} timers");
            signals = storm.Sent;
        }

        posting.Join();
        Say($"{signals} signals to {loop}, {loop.Statistics.Turns} turns");
        Assert.Equal(0, early);
        Assert.InRange(signals, 1000, int.MaxValue);
    }

    private static ZMQEngine Make(bool ownPoller) => On(ownPoller).CreateEngine();

    private static EngineUnderTest On(bool ownPoller) => ownPoller ? EngineUnderTest.Current.OverItsOwnPoller : EngineUnderTest.Current;

    // A pair of which one is watched; it is closed idle, ready, reported, or unregistered before.
    private static void OpenAndClose(ZMQEngine engine, IPoller poller, ReadyList ready, int round)
    {
        string endpoint = $"inproc://cycle-{round}";
        using ZMQSocket socket = engine.CreateSocket(SocketType.Dealer);
        using ZMQSocket peer = engine.CreateSocket(SocketType.Dealer);
        socket.Bind(endpoint);
        peer.Connect(endpoint);
        poller.Register(socket, IOEvents.Read, socket);
        int way = round % 4;
        ready.Clear();
        if (way > 0) Assert.True(peer.TrySend(new Message("message")));
        if (way > 1)
        {
            poller.Poll(Deadline.Default, ready);
            Assert.Equal(IOEvents.Read, Assert.Single(ready.Items.ToArray()).Events);
            ready.Clear();
        }

        if (way > 2) poller.Unregister(socket);
        socket.Close(TimeSpan.Zero);
        poller.Poll(TimeSpan.Zero, ready);
        if (way > 2) Assert.Equal(0, ready.Count);
        else Assert.NotNull(Assert.Single(ready.Items.ToArray()).Closed);
    }

    private static int Settled(int limit)
    {
        int count = 0;
        Deadline.WaitUntil(() => (count = Directory.GetFileSystemEntries("/proc/self/fd").Length) <= limit,
            () => $"{count} descriptors, {limit} before.");
        return count;
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
