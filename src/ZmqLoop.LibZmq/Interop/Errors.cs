using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>The error of libzmq's call that has just failed, as libzmq reads and names it: on Windows its errno is not that of our C
/// runtime, and its calls are too short for what .NET does to keep an import's error.</summary>
internal static class Errors
{
    /// <summary>Its number. Call it first thing: nearly anything managed may change errno.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Last() => Libzmq.zmq_errno();

    /// <summary>True where a signal came as the call began, before it had done anything: make it again. .NET itself stops threads by
    /// signals, for its collector. <c>while (call != 0) if (!Errors.WasInterrupted(out int number)) throw …</c></summary>
    /// <param name="number">What <see cref="Last"/> returned.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool WasInterrupted(out int number)
    {
        number = Last();
        return number == ErrorNumbers.Interrupted;
    }

    /// <summary>Makes the functions used after a failure ready, so that the first failure is reported right.</summary>
    public static void Prepare()
    {
        _ = Last();
        _ = ErrorNumbers.Describe(ErrorNumbers.Again);
    }

    /// <summary>The exception for an error number: <c>throw Errors.Last().ToException($"Doing this to {that}")</c>.</summary>
    /// <remarks>An extension, since C# evaluates what stands before the dot first: making the text may change errno.</remarks>
    /// <param name="number">What <see cref="Last"/> returned.</param>
    /// <param name="what">What was tried, such as <c>Receiving</c>.</param>
    public static ZMQException ToException(this int number, string what)
    {
        string advice = ErrorNumbers.Describe(number).Code == ZMQErrorCode.FiniteStateMachine
            ? " A REQ socket sends, then receives; a REP socket receives, then sends: ask its Events whose turn it is."
            : "";
        return Errno.ToException(number, what, TextOf(number), endpoint: null, advice);
    }

    /// <inheritdoc cref="ToException(int, string)" path="/*[not(@name='number' or @name='call' or @name='endpoint')]"/>
    /// <param name="number">What <see cref="Last"/> returned.</param>
    /// <param name="call">What was tried.</param>
    /// <param name="endpoint">Where.</param>
    public static ZMQException ToException(this int number, EndpointCall call, string endpoint)
    {
        ZMQErrorCode code = ErrorNumbers.Describe(number).Code;
        string advice = code == ZMQErrorCode.ProtocolNotSupported
            ? " libzmq knows tcp, ipc and inproc, in small letters, and what else it was built with."
            : EndpointErrors.AdviceFor(code, call, endpoint);
        return Errno.ToException(number, EndpointErrors.NameOf(call), TextOf(number), endpoint, advice);
    }

    private static string TextOf(int number) => Marshal.PtrToStringUTF8(Libzmq.zmq_strerror(number)) ?? "unknown error";
}
