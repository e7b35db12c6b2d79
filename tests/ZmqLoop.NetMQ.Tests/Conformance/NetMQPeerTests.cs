using ZmqLoop.Conformance;

namespace ZmqLoop.Interop.Peers;

// NetMQ's sockets and those of native libzmq, in other processes, over tcp.

public sealed class NetMQEpollPyzmqTests() : PyzmqContract(new NetMQSubject(NetMQPollerKind.Epoll))
{
    protected override ExampleService Service { get; } = NetMQServices.With("epoll");
}

public sealed class NetMQEpollZeromqJsTests() : PeerContract(new NetMQSubject(NetMQPollerKind.Epoll), PeerKind.ZeromqJs)
{
    protected override ExampleService Service { get; } = NetMQServices.With("epoll");
}

public sealed class NetMQSelectorPyzmqTests() : PyzmqContract(new NetMQSubject(NetMQPollerKind.Selector))
{
    protected override ExampleService Service { get; } = NetMQServices.With("selector");
}

public sealed class NetMQSelectorZeromqJsTests() : PeerContract(new NetMQSubject(NetMQPollerKind.Selector), PeerKind.ZeromqJs)
{
    protected override ExampleService Service { get; } = NetMQServices.With("selector");
}

internal static class NetMQServices
{
    public static ExampleService With(string poller) => new("NetMQService", ("""{"args":[1]}""", """{"ok":true,"result":1}"""), ("""{"args":[2]}""", """{"ok":true,"result":2}"""))
    {
        Environment = new() { ["ZMQLOOP_NETMQ_POLLER"] = poller },
    };
}
