using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ZmqLoop.Interop;

namespace ZmqLoop.Tests;

/// <summary>What only native libzmq has: its library, its handles, its descriptors.</summary>
public sealed partial class LibZmqOnlyTests
{
    [Theory]
    [InlineData("5555", "as in tcp://127.0.0.1:5555")]
    [InlineData("tcp://localhost", "as in tcp://127.0.0.1:5555")]
    [InlineData("tcp://nosuchdevice:5555", "tcp://*:5555")]
    public void A_wrong_endpoint_is_refused_with_advice(string endpoint, string advice)
    {
        using LibZmqEngine engine = new();
        using ZMQSocket socket = engine.CreateSocket(SocketType.Router);
        ZMQException error = Assert.Throws<ZMQException>(() => socket.Bind(endpoint));
        Assert.Equal(endpoint, error.Endpoint);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, ZMQErrorCode.AccessDenied, "EACCES", "1024")]
    [InlineData(32, ZMQErrorCode.BrokenPipe, "EPIPE", "Broken pipe")]
    [InlineData(36, ZMQErrorCode.NameTooLong, "ENAMETOOLONG", "107 bytes")]
    [InlineData(99, ZMQErrorCode.AddressNotAvailable, "EADDRNOTAVAIL", "tcp://*:5555")]
    public void What_the_system_says_of_an_endpoint_has_its_name_and_advice(int number, ZMQErrorCode code, string name, string words)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux' numbers.");
        ZMQException error = number.ToException(EndpointCall.Bind, "tcp://127.0.0.1:80");
        Assert.Equal((code, name, "tcp://127.0.0.1:80"), (error.Code, error.Name, error.Endpoint));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_call_fails_since_a_signal_came()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux' signals.");
        if (OperatingSystem.IsWindows()) return; // for the compiler
        using PosixSignalRegistration handled = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, static signal => signal.Cancel = true);
        int here = gettid();
        bool done = false;
        Thread signals = new(() =>
        {
            while (!Volatile.Read(ref done)) _ = tgkill(Environment.ProcessId, here, SIGWINCH); // as .NET's collector sends its own
        });
        signals.Start();
        try
        {
            using LibZmqEngine engine = new();
            for (int i = 0; i < 3_000; i++)
            {
                using ZMQSocket bound = engine.CreateSocket(SocketType.Pair);
                using ZMQSocket connected = engine.CreateSocket(SocketType.Pair);
                string endpoint = $"inproc://signals-{i}";
                bound.Monitor().Dispose();
                bound.Bind(endpoint);
                connected.Connect(endpoint);
                Assert.True(bound.TrySend(new Message("x")));
                Assert.True(connected.TryReceive(out _));
                Assert.Equal(IOEvents.Write, connected.Events);
                connected.Disconnect(endpoint);
                bound.Unbind(endpoint);
            }
        }
        finally
        {
            Volatile.Write(ref done, true);
            signals.Join();
        }
    }

    [Fact]
    public void More_sockets_than_the_context_may_have_name_the_option_and_there_is_room_when_some_are_closed()
    {
        using LibZmqEngine engine = new(new LibZmqEngineOptions { MaxSockets = 8 });
        Stack<ZMQSocket> sockets = [];
        ZMQException error = Assert.Throws<ZMQException>(() =>
        {
            for (int i = 0; i < 100; i++) sockets.Push(engine.CreateSocket(SocketType.Pull));
        });
        Assert.Equal(ZMQErrorCode.TooManyOpenFiles, error.Code);
        Assert.Contains("MaxSockets allows 8", error.Message, StringComparison.Ordinal);
        sockets.Pop().Dispose();
        Deadline.WaitUntil(() =>
        {
            try
            {
                sockets.Push(engine.CreateSocket(SocketType.Pull));
                return true;
            }
            catch (ZMQException)
            {
                return false; // the closed one is on its way
            }
        });
        foreach (ZMQSocket socket in sockets) socket.Dispose();
    }

    [Fact]
    public void Sockets_that_nobody_holds_make_room_for_others()
    {
        using LibZmqEngine engine = new(new LibZmqEngineOptions { MaxSockets = 64 });
        for (int i = 0; i < 300; i++) Forget(engine);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(LibZmqEngine engine) => _ = engine.CreateSocket(SocketType.Pull);
    }

    [Theory]
    [InlineData(SocketType.Server)]
    [InlineData(SocketType.Client)]
    [InlineData(SocketType.Radio)]
    [InlineData(SocketType.Dish)]
    [InlineData(SocketType.Gather)]
    [InlineData(SocketType.Scatter)]
    [InlineData(SocketType.Peer)]
    [InlineData(SocketType.Channel)]
    public void A_draft_socket_cannot_be_watched_and_says_so(SocketType type)
    {
        using LibZmqEngine engine = new();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        Assert.Contains("draft", Assert.Throws<NotSupportedException>(() =>
        {
            using ZMQSocket socket = engine.CreateSocket(type); // not every libzmq has them
            loop.AddHandler(socket, static (_, _) => { }, IOEvents.Read);
        }).Message, StringComparison.Ordinal);
        using ZMQPoller poller = new(engine);
        Assert.Throws<NotSupportedException>(() =>
        {
            using ZMQSocket socket = engine.CreateSocket(type);
            poller.Register(socket, IOEvents.Read);
        });
    }

    [Fact]
    public void A_library_that_cannot_be_loaded_is_explained_in_one_error()
    {
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(() => LibzmqLoader.Find("/nowhere/libzmq.so.5"));
        Assert.Contains("/nowhere/libzmq.so.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("ZMQLOOP_LIBZMQ", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libzmq5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_engine_names_its_library_and_what_it_can_do()
    {
        using LibZmqEngine engine = new();
        Assert.Matches(@"^libzmq 4\.\d+\.\d+$", engine.Name);
        Assert.True(engine.Has("ipc"));
        Assert.False(engine.Has("teleportation"));
        Assert.IsType<LibZmqEngine>(ZMQEngine.Default);
    }

    [Fact]
    public void A_key_reads_back_from_its_text()
    {
        CurveKeyPair keys = CurveKeyPair.Generate();
        Assert.Equal(keys.PublicKey, CurveKeyPair.Parse(keys.PublicKeyText));
    }

    [Fact]
    public unsafe void A_socket_whose_handle_was_handed_out_is_asked_before_every_sleep()
    {
        using LibZmqEngine engine = new(new LibZmqEngineOptions { Poller = PollerKind.Epoll });
        using LibZmqSocket socket = (LibZmqSocket)engine.CreateSocket(SocketType.Dealer);
        using ZMQSocket peer = engine.CreateSocket(SocketType.Dealer);
        using IPoller poller = engine.CreatePoller();
        socket.Bind("inproc://exposed");
        peer.Connect("inproc://exposed");
        nint handle = socket.NativeHandle;
        poller.Register(socket, IOEvents.Read, "socket");
        ReadyList ready = new();
        for (int i = 0; i < 10; i++)
        {
            poller.Poll(TimeSpan.Zero, ready);
            Assert.Equal(0, ready.Count);
            Assert.True(peer.TrySend(new Message("message")));
            AskEventsNatively(handle); // swallows the edge where we cannot see it
            poller.Poll(TimeSpan.FromSeconds(20), ready);
            Assert.Equal(1, ready.Count);
            ready.Clear();
            Assert.True(socket.TryReceive(out _));
        }
    }

    [Fact]
    public void A_socket_that_another_thread_closes_in_the_middle_of_its_calls_ends_them_and_crashes_nothing()
    {
        using LibZmqEngine engine = new();
        for (int round = 0; round < 200; round++)
        {
            ZMQSocket socket = engine.CreateSocket(SocketType.Pair);
            using ZMQSocket peer = engine.CreateSocket(SocketType.Pair);
            socket.Bind($"inproc://closed-{round}");
            peer.Connect($"inproc://closed-{round}");
            using ManualResetEventSlim working = new();
            Exception? end = null;
            Thread user = new(() => end = Record.Exception(Work));
            user.Start();
            working.Wait(Deadline.Default);
            socket.Close(TimeSpan.Zero);
            Assert.True(user.Join(Deadline.Default));
            Assert.IsType<ObjectDisposedException>(end);

            void Work()
            {
                Message message = new("message");
                Message received = new();
                while (true)
                {
                    socket.TryReceive(received);
                    socket.TrySend(message);
                    _ = socket.Events;
                    working.Set();
                }
            }
        }
    }

    private static unsafe void AskEventsNatively(nint socket)
    {
        int events;
        nuint length = sizeof(int);
        Assert.Equal(0, zmq_getsockopt(socket, 15, &events, &length));
    }

    [LibraryImport("libzmq.so.5")]
    private static unsafe partial int zmq_getsockopt(nint socket, int option, void* value, nuint* length);

    private const int SIGWINCH = 28;

    [LibraryImport("libc")]
    private static partial int gettid();

    [LibraryImport("libc")]
    private static partial int tgkill(int process, int thread, int signal);
}
