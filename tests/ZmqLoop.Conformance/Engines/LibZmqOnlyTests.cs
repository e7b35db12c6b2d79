using System.Net.Sockets;
using System.Runtime.InteropServices;
using ZmqLoop.Interop;
using ZmqLoop.Polling;
using ZmqLoop.Testing;

namespace ZmqLoop.Conformance;

/// <summary>What only native libzmq has: its library, its handles, its descriptors.</summary>
public sealed partial class LibZmqOnlyTests
{
    [Theory]
    [InlineData("5555", "such as tcp://127.0.0.1:5555")]
    [InlineData("tcp://localhost", "such as tcp://127.0.0.1:5555")]
    [InlineData("tcp://nosuchdevice:5555", "tcp://*:5555")]
    public void A_wrong_endpoint_is_refused_with_advice(string endpoint, string advice)
    {
        using LibZmqEngine engine = new();
        using ZMQSocket socket = engine.CreateSocket(SocketType.Router);
        ZMQException error = Assert.Throws<ZMQException>(() => socket.Bind(endpoint));
        Assert.Equal(endpoint, error.Endpoint);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
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

    [Fact]
    public void A_duplicate_of_a_disposed_socket_does_not_haunt_the_poller()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll.");
        using EpollPoller poller = new(typeof(LibZmqSocket));
        using Socket receiver = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        using Socket sender = SenderTo(receiver);
        int duplicate = dup((int)receiver.Handle);
        poller.Register(receiver, IOEvents.Read, "receiver");
        receiver.Dispose();
        sender.Send([1]); // arrives at the duplicate, which the kernel still watches
        ReadyList ready = new();
        poller.Poll(TimeSpan.FromSeconds(20), ready);
        Assert.NotNull(Assert.Single(ready.Items.ToArray()).Closed);
        ready.Clear();
        for (int i = 0; i < 3; i++) poller.Poll(TimeSpan.FromMilliseconds(5), ready);
        Assert.Equal(0, ready.Count);
        Assert.Equal(0, close(duplicate));
    }

    [Fact]
    public void A_raw_descriptor_closed_elsewhere_does_not_end_the_watch_of_others_when_a_duplicate_is_shaken_off()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll.");
        using EpollPoller poller = new(typeof(LibZmqSocket));
        using Socket receiver = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        using Socket sender = SenderTo(receiver);
        int duplicate = dup((int)receiver.Handle);
        int gone = dup((int)sender.Handle);
        using FileStream file = File.OpenRead(typeof(LibZmqOnlyTests).Assembly.Location);
        poller.Register(receiver, IOEvents.Read, "receiver");
        poller.Register(gone, IOEvents.None, "gone");
        poller.Register(sender, IOEvents.None, "sender");
        Assert.Equal(gone, dup2((int)file.SafeFileHandle.DangerousGetHandle(), gone)); // closed, and its number given out again: to what cannot be watched
        receiver.Dispose();
        sender.Send([1]); // arrives at the duplicate, which the kernel still watches
        ReadyList ready = new();
        while (ready.Count < 2) poller.Poll(TimeSpan.FromMilliseconds(5), ready);
        Assert.Equal(["receiver", "gone"], ready.Items.ToArray().Where(static source => source.Closed is not null).Select(static source => source.State));
        ready.Clear();
        poller.Modify(sender, IOEvents.Write);
        poller.Poll(TimeSpan.FromSeconds(20), ready);
        Assert.Equal("sender", Assert.Single(ready.Items.ToArray()).State);
        Assert.Equal(0, close(gone));
        Assert.Equal(0, close(duplicate));
    }

    [Fact]
    public void A_raw_number_that_was_closed_and_given_out_again_can_be_registered_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll.");
        using EpollPoller poller = new(typeof(LibZmqSocket));
        using Socket first = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        int number = dup((int)first.Handle);
        poller.Register(number, IOEvents.Read, "old");
        Assert.Throws<InvalidOperationException>(() => poller.Register(number, IOEvents.Read, "again"));
        Assert.Equal(0, close(number));
        using Socket second = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        Assert.Equal(number, dup2((int)second.Handle, number));
        poller.Register(number, IOEvents.Write, "new");
        ReadyList ready = new();
        while (ready.Count < 2) poller.Poll(TimeSpan.FromSeconds(20), ready);
        Assert.Contains(ready.Items.ToArray(), source => Equals(source.State, "old") && source.Closed is not null);
        Assert.Contains(ready.Items.ToArray(), source => Equals(source.State, "new") && source.Events == IOEvents.Write);
        Assert.Equal(0, close(number));
    }

    [Fact]
    public void A_file_on_disk_cannot_be_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll.");
        using EpollPoller poller = new(typeof(LibZmqSocket));
        using FileStream file = File.OpenRead(typeof(LibZmqOnlyTests).Assembly.Location);
        Assert.Throws<NotSupportedException>(() => poller.Register((int)file.SafeFileHandle.DangerousGetHandle(), IOEvents.Read, null));
    }

    private static unsafe void AskEventsNatively(nint socket)
    {
        int events;
        nuint length = sizeof(int);
        Assert.Equal(0, zmq_getsockopt(socket, 15, &events, &length));
    }

    /// <summary>Binds the receiver, too.</summary>
    private static Socket SenderTo(Socket receiver)
    {
        receiver.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        Socket sender = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(receiver.LocalEndPoint!);
        return sender;
    }

    [LibraryImport("libzmq.so.5")]
    private static unsafe partial int zmq_getsockopt(nint socket, int option, void* value, nuint* length);

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int dup2(int descriptor, int number);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
