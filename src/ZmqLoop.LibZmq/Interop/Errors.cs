using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>The one place that reads errno and the one that turns it into an exception.</summary>
internal static class Errors
{
    /// <summary>The error of the call that has just failed. Call it first thing: nearly anything managed may change errno.</summary>
    /// <remarks>It is the C runtime's errno of this thread, so it serves for libc's calls as well as for libzmq's.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Last() => Libzmq.zmq_errno();

    /// <summary>Makes the functions used after a failure ready, so that the first failure is reported right.</summary>
    public static void Prepare()
    {
        _ = Last();
        _ = ErrorNumbers.Describe(ErrorNumbers.Again);
    }

    /// <summary>The exception for an error number: <c>throw Errors.Last().ToException($"Doing this to {that}")</c>.</summary>
    /// <remarks>An extension, since C# evaluates what stands before the dot first: making the text may change errno.</remarks>
    /// <param name="number">What <see cref="Last"/> returned.</param>
    /// <param name="what">What was tried, such as <c>Binding</c>.</param>
    /// <param name="endpoint">The endpoint, where there is one.</param>
    public static ZMQException ToException(this int number, string what, string? endpoint = null)
    {
        if (number == ErrorNumbers.Terminated)
            return new ContextTerminatedException($"The ZeroMQ context was terminated ({what}{At(endpoint)}).");
        (ZMQErrorCode code, string name) = ErrorNumbers.Describe(number);
        string text = Marshal.PtrToStringUTF8(Libzmq.zmq_strerror(number)) ?? "unknown error";
        string advice = code switch
        {
            ZMQErrorCode.FiniteStateMachine =>
                " A REQ socket sends, then receives; a REP socket receives, then sends: ask its Events whose turn it is.",
            ZMQErrorCode.ProtocolNotSupported when endpoint is not null =>
                " libzmq knows tcp, ipc and inproc, in small letters, and what else it was built with.",
            _ => endpoint is null ? "" : EndpointErrors.AdviceFor(code),
        };
        return new ZMQException(code, number, name, $"{what}{At(endpoint)} failed: {text} ({name}).{advice}", endpoint);
    }

    private static string At(string? endpoint) => endpoint is null ? "" : $" {endpoint}";
}
