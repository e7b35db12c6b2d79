using Microsoft.CodeAnalysis;

namespace ZmqLoop.Analyzers;

/// <summary>What is reported, and where one reads on.</summary>
internal static class Rules
{
    public const string BlockingCallId = "ZLOOP001";

    /// <summary>Of a property: the kind of call, as the fix needs it.</summary>
    public const string Kind = nameof(Kind);

    private const string Category = "ZmqLoop";
    private const string Page = "https://github.com/zmqloop/zmqloop/blob/main/docs/analyzers.md#";
    private const string BlockingCallTitle = "A callback blocks its loop";
    private const string BlockingCallText =
        "'{0}' blocks the loop on which this runs: no other callback, timer or socket is served meanwhile; {1}";
    private const string BlockingCallDescription =
        "A loop is one thread. What runs on it awaits, or hands what has to block to IOLoop.RunInExecutor.";

    /// <summary>Seen within one member.</summary>
    public static readonly DiagnosticDescriptor BlockingCall = new(BlockingCallId, BlockingCallTitle, BlockingCallText, Category,
        DiagnosticSeverity.Warning, isEnabledByDefault: true, BlockingCallDescription, Page + "zloop001");

    /// <summary>Seen when all members were: the call is in a method that a callback calls.</summary>
    public static readonly DiagnosticDescriptor BlockingCallElsewhere = new(BlockingCallId, BlockingCallTitle, BlockingCallText, Category,
        DiagnosticSeverity.Warning, isEnabledByDefault: true, BlockingCallDescription, Page + "zloop001",
        WellKnownDiagnosticTags.CompilationEnd);
}
