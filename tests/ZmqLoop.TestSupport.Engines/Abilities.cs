namespace ZmqLoop.Testing;

/// <summary>What an engine may be unable to do; the contracts skip what it cannot, and nothing else.</summary>
[Flags]
public enum Abilities
{
    None = 0,
    PlainSockets = 1,
    RawDescriptors = 2,
    Monitor = 4,
    Curve = 8,
    Termination = 16,
    OneDescriptorASocket = 32,

    /// <summary>Its waits are system calls, which signals interrupt.</summary>
    SystemCalls = 64,

    /// <summary>Polling costs no garbage.</summary>
    NoGarbage = 128,

    /// <summary>Each poll begins with another of the ready sources.</summary>
    Rotation = 256,

    /// <summary>The socket types' own rules: REQ and REP take turns, ROUTER addresses, SUB filters.</summary>
    Patterns = 512,

    /// <summary>Endpoints of other machines, with ports.</summary>
    Tcp = 1024,

    /// <summary>Connecting to an inproc name before it is bound.</summary>
    EarlyInproc = 2048,

    /// <summary>Name and password.</summary>
    Plain = 4096,

    /// <summary>Frames know what connection they came by.</summary>
    Properties = 8192,

    /// <summary>Nor do messages on their way: the library's queues keep what they have.</summary>
    NoQueueGarbage = 16384,

    /// <summary>A server asks an authenticator whom to let in.</summary>
    Zap = 32768,

    /// <summary>A monitor tells of handshakes.</summary>
    Handshakes = 65536,

    /// <summary>A socket can be monitored a second time.</summary>
    MonitorAnew = 131072,

    /// <summary>A publisher that waits for slow subscribers instead of dropping.</summary>
    NoDrop = 262144,

    /// <summary>Memory of a caller's is sent without a copy.</summary>
    Lending = 524288,

    /// <summary>Its poller waits for a sign that something has happened on a socket, whether or not that is ready.</summary>
    Signs = 1048576,

    /// <summary>Sockets that keep the newest message only.</summary>
    Conflate = Signs << 1,

    All = (Conflate << 1) - 1,
}
