namespace ZmqLoop;

/// <summary>ZeroMQ's socket types, with ZeroMQ's numbers.</summary>
public enum SocketType
{
    /// <summary>One to one. <c>ZMQ_PAIR</c>.</summary>
    Pair = 0,

    /// <summary>Publishes to all subscribers. <c>ZMQ_PUB</c>.</summary>
    Pub = 1,

    /// <summary>Receives what it subscribed to. <c>ZMQ_SUB</c>.</summary>
    Sub = 2,

    /// <summary>Sends a request, then receives its reply. <c>ZMQ_REQ</c>.</summary>
    Req = 3,

    /// <summary>Receives a request, then sends its reply. <c>ZMQ_REP</c>.</summary>
    Rep = 4,

    /// <summary>Sends round-robin and receives fair-queued, without REQ's lockstep. <c>ZMQ_DEALER</c>.</summary>
    Dealer = 5,

    /// <summary>The first frame names the peer. <c>ZMQ_ROUTER</c>.</summary>
    Router = 6,

    /// <summary>Receives from PUSH sockets. <c>ZMQ_PULL</c>.</summary>
    Pull = 7,

    /// <summary>Sends round-robin to PULL sockets. <c>ZMQ_PUSH</c>.</summary>
    Push = 8,

    /// <summary>PUB that receives the subscriptions. <c>ZMQ_XPUB</c>.</summary>
    XPub = 9,

    /// <summary>SUB that sends its subscriptions as messages. <c>ZMQ_XSUB</c>.</summary>
    XSub = 10,

    /// <summary>Raw TCP. <c>ZMQ_STREAM</c>.</summary>
    Stream = 11,

    /// <summary>Thread-safe server; a draft of libzmq. <c>ZMQ_SERVER</c>.</summary>
    Server = 12,

    /// <summary>Thread-safe client; a draft of libzmq. <c>ZMQ_CLIENT</c>.</summary>
    Client = 13,

    /// <summary>Sends to groups; a draft of libzmq. <c>ZMQ_RADIO</c>.</summary>
    Radio = 14,

    /// <summary>Receives from groups; a draft of libzmq. <c>ZMQ_DISH</c>.</summary>
    Dish = 15,

    /// <summary>Thread-safe PULL; a draft of libzmq. <c>ZMQ_GATHER</c>.</summary>
    Gather = 16,

    /// <summary>Thread-safe PUSH; a draft of libzmq. <c>ZMQ_SCATTER</c>.</summary>
    Scatter = 17,

    /// <summary>Raw UDP; a draft of libzmq. <c>ZMQ_DGRAM</c>.</summary>
    Dgram = 18,

    /// <summary>Peer to peer; a draft of libzmq. <c>ZMQ_PEER</c>.</summary>
    Peer = 19,

    /// <summary>Thread-safe PAIR; a draft of libzmq. <c>ZMQ_CHANNEL</c>.</summary>
    Channel = 20,
}
