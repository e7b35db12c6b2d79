using BenchmarkDotNet.Attributes;
using ZmqLoop.Streams;

namespace ZmqLoop.Benchmarks;

/// <summary>A message's way over inproc in one thread: what a stream adds to a socket's own sending and receiving.</summary>
[MemoryDiagnoser]
public class StreamBenchmarks
{
    private const int Batch = 1_000;

    private readonly Message _received = new();
    private LibZmqEngine _engine = null!;
    private ZMQIOLoop _loop = null!;
    private ZMQSocket _bareNear = null!;
    private ZMQSocket _bareFar = null!;
    private ZMQStream _near = null!;
    private ZMQStream _far = null!;
    private ZMQSocket _written = null!;
    private ZMQStream _read = null!; // whose messages go to its Reader
    private Message _message = null!;
    private Action<Message> _count = null!;
    private int _left;

    [Params(100, 1_024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _engine = new LibZmqEngine();
        _loop = new ZMQIOLoop(_engine, new IOLoopOptions { MakeCurrent = false });
        (_bareNear, _bareFar) = Pair("inproc://bare");
        (ZMQSocket near, ZMQSocket far) = Pair("inproc://streams");
        _near = new ZMQStream(near, _loop);
        _far = new ZMQStream(far, _loop);
        (_written, ZMQSocket read) = Pair("inproc://reader");
        _read = new ZMQStream(read, _loop);
        _message = new Message(Frame.Own(new byte[Size]));
        _count = _ =>
        {
            if (--_left == 0) _loop.Stop();
        };
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _near.Dispose();
        _far.Dispose();
        _written.Dispose();
        _read.Dispose();
        _bareNear.Dispose();
        _bareFar.Dispose();
        _loop.Dispose();
        _engine.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public void Sockets_without_a_loop()
    {
        Fill(_bareNear);
        for (int i = 0; i < Batch; i++)
        {
            if (!_bareFar.TryReceive(_received)) throw new InvalidOperationException("There is no message.");
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void OnRecv_borrowed() => Receive(copy: false);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void OnRecv_copied() => Receive(copy: true);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void OnRecv_borrowed_in_a_StackContext() => StreamWork.InOneContext(() => Receive(copy: false));

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Await_foreach_of_ReadAllAsync_on_the_loop() => Await(_far, _near.Socket, ReadAllAsync);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Await_foreach_of_the_Reader_on_the_loop() => Await(_read, _written, ReadAsync);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Await_foreach_of_the_Reader_on_the_thread_pool() =>
        Await(_read, _written, static (stream, left) => Task.Run(() => ReadAsync(stream, left)));

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Sent_through_the_queue_and_OnRecv_borrowed()
    {
        _far.OnRecv(_count, copy: false);
        for (_left = 0; _left < Batch; _left++) _near.Send(_message);
        _loop.Start();
    }

    private void Receive(bool copy)
    {
        _far.OnRecv(_count, copy);
        Fill(_near.Socket);
        _left = Batch;
        _loop.Start();
    }

    private void Await(ZMQStream stream, ZMQSocket sender, Func<ZMQStream, int, Task> receive)
    {
        stream.StopOnRecv();
        Fill(sender);
        _loop.RunSync(() => receive(stream, Batch));
    }

    private static async Task ReadAllAsync(ZMQStream stream, int left)
    {
        await foreach (Message _ in stream.ReadAllAsync())
        {
            if (--left == 0) break;
        }
    }

    private static async Task ReadAsync(ZMQStream stream, int left)
    {
        await foreach (Message _ in stream.Reader.ReadAllAsync())
        {
            if (--left == 0) break;
        }
    }

    private void Fill(ZMQSocket socket)
    {
        for (int i = 0; i < Batch; i++)
        {
            if (!socket.TrySend(_message)) throw new InvalidOperationException("The socket is full.");
        }
    }

    private (ZMQSocket Near, ZMQSocket Far) Pair(string endpoint)
    {
        ZMQSocket far = _engine.CreateSocket(SocketType.Pair);
        ZMQSocket near = _engine.CreateSocket(SocketType.Pair);
        far.ReceiveHighWaterMark = 0;
        near.SendHighWaterMark = 0;
        far.Bind(endpoint);
        near.Connect(endpoint);
        return (near, far);
    }
}
