using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Benchmarks;

/// <summary>One busy socket on NetMQPoller among idle ones: its wake, and the process's memory. The poller runs once and for all: a second
/// Run would hear nothing.</summary>
internal sealed class NetMQIdleWork
{
    private readonly NetMQPoller _poller = [];
    private readonly PairSocket _busy = new();
    private readonly AutoResetEvent _done = new(false);
    private Msg _msg;
    private int _left;
    private double _began;
    private double _ended;

    private NetMQIdleWork(int idle)
    {
        _msg.InitEmpty();
        for (int i = 0; i <= idle; i++)
        {
            PairSocket socket = new();
            socket.Bind($"inproc://{i}");
            socket.ReceiveReady += Receive;
            _poller.Add(socket);
        }

        _busy.Connect($"inproc://{idle}");
        _poller.RunAsync();
    }

    public static void Wake(double seconds, int idle)
    {
        int wakes = (10_000 / (idle + 100)) + 1;
        NetMQIdleWork work = new(idle);
        Rounds.PrintMedian(seconds, () => work.Run(wakes));
    }

    public static void PrintResident(int idle)
    {
        new NetMQIdleWork(idle).Run(1);
        Rounds.PrintResident();
    }

    public static void PrintFirst()
    {
        new NetMQIdleWork(0).Run(1);
        Console.WriteLine("first 1");
    }

    /// <summary>The poller's processor time from one wake to the last, by the number of wakes between.</summary>
    private double Run(int wakes)
    {
        _began = 0;
        _left = wakes + 1;
        _busy.SendFrameEmpty(); // from here on it is the poller's
        _done.WaitOne();
        return (_ended - _began) / wakes;
    }

    private void Receive(object? sender, NetMQSocketEventArgs args)
    {
        double now = ThreadClock.Nanoseconds;
        if (_began == 0) _began = now;
        while (args.Socket.TryReceive(ref _msg, TimeSpan.Zero)) _left--;
        if (_left > 0)
        {
            _busy.SendFrameEmpty();
            return;
        }

        _ended = now;
        _done.Set();
    }
}
