using System.Net.Sockets;
using System.Runtime.InteropServices;
using ZmqLoop.Polling;

namespace ZmqLoop.Conformance;

/// <summary>Descriptors that others close, duplicate and give out again, on the poller that both engines share.</summary>
public sealed partial class EpollPollerTests
{
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
        using FileStream file = File.OpenRead(typeof(EpollPollerTests).Assembly.Location);
        poller.Register(receiver, IOEvents.Read, "receiver");
        poller.Register(gone, IOEvents.None, "gone");
        poller.Register(sender, IOEvents.None, "sender");
        // closed, and its number given out again: to what cannot be watched
        Assert.Equal(gone, dup2((int)file.SafeFileHandle.DangerousGetHandle(), gone));
        receiver.Dispose();
        sender.Send([1]); // arrives at the duplicate, which the kernel still watches
        ReadyList ready = new();
        while (ready.Count < 2) poller.Poll(TimeSpan.FromMilliseconds(5), ready);
        Assert.Equal(["receiver", "gone"],
            ready.Items.ToArray().Where(static source => source.Closed is not null).Select(static source => source.State));
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
        using FileStream file = File.OpenRead(typeof(EpollPollerTests).Assembly.Location);
        Assert.Throws<NotSupportedException>(() => poller.Register((int)file.SafeFileHandle.DangerousGetHandle(), IOEvents.Read, null));
    }

    /// <summary>Binds the receiver, too.</summary>
    private static Socket SenderTo(Socket receiver)
    {
        receiver.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        Socket sender = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(receiver.LocalEndPoint!);
        return sender;
    }

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int dup2(int descriptor, int number);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
