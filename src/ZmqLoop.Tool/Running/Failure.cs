using System.Text.RegularExpressions;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Running;

/// <summary>What went wrong, as a line for the user and an exit code.</summary>
internal static partial class Failure
{
    public static int Report(Exception exception, bool verbose)
    {
        while (exception is AggregateException { InnerException: { } inner }) exception = inner;
        (string text, int exitCode) = exception switch
        {
            ToolException own => (own.Message, own.ExitCode),
            ZMQException { Code: ZMQErrorCode.InvalidArgument or ZMQErrorCode.ProtocolNotSupported } =>
                (exception.Message, ExitCode.WrongUse),
            ArgumentException or FormatException => (Parameter().Replace(exception.Message, ""), ExitCode.WrongUse),
            ZMQException or IOException or UnauthorizedAccessException or NotSupportedException or DllNotFoundException
                or InvalidOperationException or TimeoutException or HttpRequestException => (exception.Message, ExitCode.Failed),
            _ => ($"{exception.GetType().Name}: {exception.Message} That should not have happened: --verbose says where it did.",
                ExitCode.Failed),
        };
        ErrorLine.Write(text);
        if (verbose) Console.Error.WriteLine(exception);
        return exitCode;
    }

    [GeneratedRegex(@" \(Parameter '[^']*'\)")]
    private static partial Regex Parameter();
}
