using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams;

/// <summary>What an authenticator logs.</summary>
internal static partial class AuthenticatorLog
{
    [LoggerMessage(41, LogLevel.Debug, "Allowed: {Request}")]
    public static partial void Allowed(ILogger logger, AuthenticationRequest request);

    [LoggerMessage(42, LogLevel.Warning, "Denied: {Request}: {Reason}")]
    public static partial void Denied(ILogger logger, AuthenticationRequest request, string reason);

    [LoggerMessage(43, LogLevel.Warning, "Refused a malformed request for authentication: {Problem}")]
    public static partial void Malformed(ILogger logger, string problem);

    [LoggerMessage(44, LogLevel.Warning, "Ignored a request for authentication with {Count} frames")]
    public static partial void Ignored(ILogger logger, int count);

    [LoggerMessage(45, LogLevel.Error, "Refused, since the provider threw and a context consumed the exception: {Request}")]
    public static partial void NoAnswer(ILogger logger, AuthenticationRequest request);
}
