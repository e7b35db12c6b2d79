using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>errno of this thread as an exception, of libzmq's calls as of the poller's own.</summary>
internal static class Errno
{
    /// <summary>The error of an import that says <c>SetLastError</c>; libzmq's say it themselves.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The exception for an error number.</summary>
    /// <param name="number">errno, or one of libzmq's own numbers.</param>
    /// <param name="what">What was tried, such as <c>Binding</c>.</param>
    /// <param name="text">What the library calls the error; null for the system's text.</param>
    /// <param name="endpoint">The endpoint, where there is one.</param>
    /// <param name="advice">What to do about it: a sentence with a space before it, or nothing.</param>
    public static ZMQException ToException(
        int number, string what, string? text = null, string? endpoint = null, string advice = "")
    {
        string tried = endpoint is null ? what : $"{what} {endpoint}";
        if (number == ErrorNumbers.Terminated) return new ContextTerminatedException($"The ZeroMQ context was terminated ({tried}).");
        (ZMQErrorCode code, string name) = ErrorNumbers.Describe(number);
        text ??= Marshal.GetPInvokeErrorMessage(number);
        return new ZMQException(code, number, name, $"{tried} failed: {text} ({name}).{advice}", endpoint);
    }
}
