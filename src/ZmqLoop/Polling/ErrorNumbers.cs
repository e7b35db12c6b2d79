using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>errno numbers, which differ between platforms; libzmq adds its own from <c>ZMQ_HAUSNUMERO</c> up.</summary>
internal static class ErrorNumbers
{
    internal const int Interrupted = 4;                 // EINTR, everywhere
    internal const int Terminated = Base + 53;          // ETERM

    private const int Base = 156384712;                 // ZMQ_HAUSNUMERO
    private static readonly bool _windows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
    private static readonly bool _linux = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    // Linux, Windows (the C runtime's, not WinSock's), else BSD and macOS.
    internal static readonly int Again = Pick(11, 11, 35);
    internal static readonly int NotASocket = Pick(88, 128, 38);

    private static readonly FrozenDictionary<int, (ZMQErrorCode, string)> _table = Build();

    public static (ZMQErrorCode Code, string Name) Describe(int number) =>
        _table.TryGetValue(number, out (ZMQErrorCode, string) entry) ? entry : (ZMQErrorCode.Unknown, $"errno {number}");

    private static int Pick(int linux, int windows, int bsd) => _linux ? linux : _windows ? windows : bsd;

    private static FrozenDictionary<int, (ZMQErrorCode, string)> Build() => new Dictionary<int, (ZMQErrorCode, string)>
    {
        [1] = (ZMQErrorCode.AccessDenied, "EPERM"),
        [2] = (ZMQErrorCode.EndpointNotFound, "ENOENT"),
        [Interrupted] = (ZMQErrorCode.Interrupted, "EINTR"),
        [12] = (ZMQErrorCode.NoMemory, "ENOMEM"),
        [13] = (ZMQErrorCode.AccessDenied, "EACCES"),
        [14] = (ZMQErrorCode.Fault, "EFAULT"),
        [19] = (ZMQErrorCode.NoSuchDevice, "ENODEV"),
        [22] = (ZMQErrorCode.InvalidArgument, "EINVAL"),
        [23] = (ZMQErrorCode.TooManyOpenFiles, "ENFILE"),
        [24] = (ZMQErrorCode.TooManyOpenFiles, "EMFILE"),
        [32] = (ZMQErrorCode.BrokenPipe, "EPIPE"),
        [Again] = (ZMQErrorCode.Again, "EAGAIN"),
        [Pick(36, 38, 63)] = (ZMQErrorCode.NameTooLong, "ENAMETOOLONG"),
        [NotASocket] = (ZMQErrorCode.NotASocket, "ENOTSOCK"),
        [Pick(90, 115, 40)] = (ZMQErrorCode.MessageTooLong, "EMSGSIZE"),
        [Pick(93, 135, 43)] = (ZMQErrorCode.ProtocolNotSupported, "EPROTONOSUPPORT"),
        [Pick(95, 129, 45)] = (ZMQErrorCode.NotSupported, "ENOTSUP"),
        [Pick(98, 100, 48)] = (ZMQErrorCode.AddressInUse, "EADDRINUSE"),
        [Pick(99, 101, 49)] = (ZMQErrorCode.AddressNotAvailable, "EADDRNOTAVAIL"),
        [Pick(113, 110, 65)] = (ZMQErrorCode.HostUnreachable, "EHOSTUNREACH"),
        [Base + 51] = (ZMQErrorCode.FiniteStateMachine, "EFSM"),
        [Base + 52] = (ZMQErrorCode.IncompatibleProtocol, "ENOCOMPATPROTO"),
        [Terminated] = (ZMQErrorCode.ContextTerminated, "ETERM"),
        [Base + 54] = (ZMQErrorCode.NoThread, "EMTHREAD"),
    }.ToFrozenDictionary();
}
