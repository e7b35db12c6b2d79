using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>What authenticators are measured with.</summary>
internal static class AuthenticationMeter
{
    public const string Allowed = "allowed";
    public const string Denied = "denied";
    public const string Busy = "busy";
    public const string Failed = "failed";
    public const string Malformed = "malformed";

    private static readonly Counter<long> _decisions = StreamMeter.Meter.CreateCounter<long>("zmqloop.authentication.decisions",
        "{request}", "What authenticators decided: allowed, denied, busy, failed or malformed.");

    /// <param name="loop">The authenticator's.</param>
    /// <param name="result">One of the constants.</param>
    /// <param name="mechanism">As the request has it, or null.</param>
    public static void Add(IOLoop loop, string result, string? mechanism)
    {
        if (!_decisions.Enabled) return;
        string known = mechanism is "NULL" or "PLAIN" or "CURVE" or "GSSAPI" ? mechanism : "other"; // a stranger makes no series
        _decisions.Add(1, [.. loop.MeterTags, new Tag("zmqloop.authentication.result", result),
            new Tag("zmqloop.authentication.mechanism", known)]);
    }
}
