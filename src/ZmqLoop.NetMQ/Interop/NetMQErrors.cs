using System.Net.Sockets;
using NetMQ;

namespace ZmqLoop.Interop;

/// <summary>NetMQ's exceptions as ours. Their numbers are BSD's or its own, and their texts are mostly empty, so it goes by their
/// types.</summary>
internal static class NetMQErrors
{
    private const string NoDescriptors =
        "the process has as many descriptors open as it may: let it have more (ulimit -n), or close some";

    /// <summary>True for what NetMQ throws at a call that it cannot do, an argument that it cannot make sense of included.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is NetMQException or SocketException or NotSupportedException or ArgumentException or FormatException
            or OverflowException or IndexOutOfRangeException;

    /// <summary>True where there was no room for another socket, or no descriptor.</summary>
    public static bool IsWithoutRoom(this Exception exception) =>
        exception is NetMQException { ErrorCode: ErrorCode.TooManyOpenSockets }
            or SocketException { SocketErrorCode: SocketError.TooManyOpenSockets };

    /// <summary>The exception to throw instead.</summary>
    /// <param name="exception">What NetMQ threw.</param>
    /// <param name="what">What was tried, such as <c>Receiving</c>.</param>
    public static Exception Translate(this Exception exception, string what) => exception.Translate(what, endpoint: null, advice: null);

    /// <inheritdoc cref="Translate(Exception, string)" path="/*[not(@name='exception' or @name='call' or @name='endpoint')]"/>
    /// <param name="exception">What NetMQ threw.</param>
    /// <param name="call">What was tried.</param>
    /// <param name="endpoint">Where.</param>
    public static Exception Translate(this Exception exception, EndpointCall call, string endpoint) => exception.Translate(
        $"{EndpointErrors.NameOf(call)} {endpoint}", endpoint, code => EndpointErrors.AdviceFor(code, call, endpoint));

    private static Exception Translate(this Exception exception, string tried, string? endpoint, Func<ZMQErrorCode, string>? advice)
    {
        if (exception is ObjectDisposedException) return exception;
        if (exception is TerminatingException)
            return new ContextTerminatedException($"NetMQ's context was terminated ({tried}).", exception);
        (ZMQErrorCode code, string name, string text) = Describe(exception, endpoint);
        int number = exception is NetMQException { ErrorCode: var own } ? (int)own : 0;
        return new ZMQException(code, number, name, $"{tried} failed: {text} ({name}).{advice?.Invoke(code)}", endpoint, exception);
    }

    private static (ZMQErrorCode Code, string Name, string Text) Describe(Exception exception, string? endpoint) => exception switch
    {
        AddressAlreadyInUseException => (ZMQErrorCode.AddressInUse, "EADDRINUSE", "the address is in use"),
        EndpointNotFoundException =>
            (ZMQErrorCode.EndpointNotFound, "ENOENT", endpoint?.StartsWith("inproc:", StringComparison.Ordinal) == true
            ? "there is no such endpoint; with NetMQ an inproc name must be bound before anybody connects to it"
            : "there is no such endpoint"),
        FiniteStateMachineException => (ZMQErrorCode.FiniteStateMachine, "EFSM",
            "a REQ socket sends, then receives, a REP socket receives, then sends: its Events say whose turn it is"),
        HostUnreachableException => (ZMQErrorCode.HostUnreachable, "EHOSTUNREACH", "there is no route to that peer"),
        ProtocolNotSupportedException =>
            (ZMQErrorCode.ProtocolNotSupported, "EPROTONOSUPPORT",
            $"{Text(exception, "the transport is not known")}; NetMQ has tcp and inproc, in small letters, and pgm for PUB and SUB"),
        InvalidException => (ZMQErrorCode.InvalidArgument, "EINVAL", Text(exception, "the value is not valid")),
        FaultException => (ZMQErrorCode.Fault, "EFAULT", Text(exception, "an internal fault")),
        NetMQException { ErrorCode: ErrorCode.TooManyOpenSockets, InnerException: SocketException }
            or SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } =>
            (ZMQErrorCode.TooManyOpenFiles, "EMFILE", NoDescriptors),
        NetMQException { ErrorCode: ErrorCode.TooManyOpenSockets } =>
            (ZMQErrorCode.TooManyOpenFiles, "EMFILE", $"{NetMQConfig.MaxSockets} sockets are open: see NetMQConfig.MaxSockets"),
        NetMQException { ErrorCode: ErrorCode.EmptyThread } => (ZMQErrorCode.NoThread, "EMTHREAD", "no I/O thread is left"),
        NetMQException { ErrorCode: ErrorCode.AddressNotAvailable } =>
            (ZMQErrorCode.AddressNotAvailable, "EADDRNOTAVAIL", "the address is not one of this machine"),
        NetMQException { ErrorCode: ErrorCode.AccessDenied } => (ZMQErrorCode.AccessDenied, "EACCES", "permission denied"),
        NetMQException { ErrorCode: ErrorCode.MessageSize } => (ZMQErrorCode.MessageTooLong, "EMSGSIZE", "the message is too long"),
        NetMQException other => (ZMQErrorCode.Unknown, other.ErrorCode.ToString(), Text(other, "NetMQ does not say why")),
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            (ZMQErrorCode.AddressInUse, "EADDRINUSE", exception.Message),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            (ZMQErrorCode.AddressNotAvailable, "EADDRNOTAVAIL", exception.Message),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => (ZMQErrorCode.AccessDenied, "EACCES", exception.Message),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            (ZMQErrorCode.NoSuchDevice, "ENODEV", "the name cannot be looked up, which NetMQ does once, in the call"),
        SocketException other => (ZMQErrorCode.Unknown, other.SocketErrorCode.ToString(), other.Message),
        NotSupportedException => (ZMQErrorCode.NotSupported, "ENOTSUP", "this type of socket cannot"),
        _ => (ZMQErrorCode.InvalidArgument, "EINVAL", exception.Message),
    };

    private static string Text(Exception exception, string otherwise) =>
        string.IsNullOrWhiteSpace(exception.Message) ? otherwise : exception.Message;
}
