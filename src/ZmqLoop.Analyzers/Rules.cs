using Microsoft.CodeAnalysis;

namespace ZmqLoop.Analyzers;

/// <summary>What is reported, and where one reads on.</summary>
internal static class Rules
{
    public const string BlockingCallId = "ZLOOP001";

    public const string BorrowedMessageId = "ZLOOP002";
    public const string ThreadBoundMemberId = "ZLOOP003";
    public const string SpanLifeId = "ZLOOP004";

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

    /// <summary>A message, or a frame, that outlives its loan.</summary>
    public static readonly DiagnosticDescriptor BorrowedMessage = new(BorrowedMessageId, "A borrowed message leaves its callback",
        "'{0}' is lent to this callback and over when it returns, and is {1} here: Keep() it, or receive with copy: true", Category,
        DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "With copy: false the message is the stream's. What is used longer throws ObjectDisposedException.", Page + "zloop002");

    /// <summary>A call that throws while the loop runs.</summary>
    public static readonly DiagnosticDescriptor ThreadBoundMember = new(ThreadBoundMemberId,
        "A member of the loop's thread on another thread",
        "'{0}' belongs to the loop's thread and throws on this one while the loop runs: give it to the loop, by InvokeAsync or AddCallback",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "Any thread may send, await messages, close, and read properties; all else belongs to the loop's thread.", Page + "zloop003");

    /// <summary>A span of what was given back.</summary>
    public static readonly DiagnosticDescriptor SpanLife = new(SpanLifeId, "A message is disposed of while a span of it is in use",
        "'{0}' is disposed of here, and '{1}', which shows its memory, is used after that: dispose later, or take ToArray()", Category,
        DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "The memory of a message that was kept, or received into, goes back to the engine when it is disposed of.", Page + "zloop004");
}
