using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ZmqLoop.Analyzers;

/// <summary>Which methods run the functions that they are given, and where: ZmqLoop's, and those of .NET that start threads.</summary>
internal static class Callbacks
{
    private const string Constructor = ".ctor";

    // "*" for each of the type's methods.
    private static readonly Dictionary<string, (CallbackThread Where, HashSet<string> Members)[]> _byType = new()
    {
        ["ZmqLoop.IOLoop"] =
        [
            (CallbackThread.LoopWhenReady, ["AddHandler"]), (CallbackThread.LoopWhenDone, ["AddFuture"]),
            (CallbackThread.OtherThread, ["RunInExecutor", "SetBlockingSignalThreshold"]),
            (CallbackThread.Loop,
            [
                "AddCallback", "SpawnCallback", "AddCallbackFromSignal", "InvokeAsync", "AddTimeout", "CallLater", "CallAt", "RunSync",
                "StopOnSignals",
            ]),
        ],
        ["ZmqLoop.NetMQLoopExtensions"] = [(CallbackThread.LoopWhenReady, ["AddHandler"])],
        ["ZmqLoop.PeriodicCallback"] = [(CallbackThread.Loop, [Constructor])],
        ["ZmqLoop.DelayedCallback"] = [(CallbackThread.Loop, [Constructor])],
        ["ZmqLoop.Streams.ZMQStream"] = [(CallbackThread.Loop, ["*"])],
        ["ZmqLoop.Streams.TypedStreamExtensions"] = [(CallbackThread.Loop, ["*"])],
        ["ZmqLoop.Streams.Responder"] = [(CallbackThread.Loop, ["OnRequest"])],
        ["ZmqLoop.Streams.TypedRequestExtensions"] = [(CallbackThread.Loop, ["OnRequest"])],
        ["ZmqLoop.Streams.JsonRequestExtensions"] = [(CallbackThread.Loop, ["OnRequestJson"])],
        ["ZmqLoop.Hosting.HostedLoopBuilder"] = [(CallbackThread.Loop, ["AddRequestHandler"])],
        ["ZmqLoop.Streams.SocketMonitor"] = [(CallbackThread.Loop, ["OnEvent"])],
        ["ZmqLoop.Streams.Authenticator"] = [(CallbackThread.Loop, ["*"])],
        ["ZmqLoop.CallbackContext"] = [(CallbackThread.Caller, ["Run"])],
        ["ZmqLoop.NullContext"] = [(CallbackThread.Caller, ["*"])],
        ["ZmqLoop.StackContext"] = [(CallbackThread.Caller, ["RunWithStackContext"])],
        ["ZmqLoop.Message"] = [(CallbackThread.Caller, ["Borrow"])],
        ["ZmqLoop.Frame"] = [(CallbackThread.Caller, ["Write"])],
        ["System.Threading.Tasks.Task"] = [(CallbackThread.OtherThread, ["Run"])],
        ["System.Threading.Tasks.TaskFactory"] = [(CallbackThread.OtherThread, ["StartNew"])], // but with a scheduler
        ["System.Threading.Tasks.Parallel"] = [(CallbackThread.OtherThread, ["*"])],
        ["System.Threading.Thread"] = [(CallbackThread.OtherThread, [Constructor])],
        ["System.Threading.ThreadPool"] = [(CallbackThread.OtherThread, ["QueueUserWorkItem", "UnsafeQueueUserWorkItem"])],
        ["System.Threading.Timer"] = [(CallbackThread.OtherThread, [Constructor])],
    };

    /// <summary>Where a function runs that is this argument.</summary>
    public static CallbackThread Of(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        if (!_byType.TryGetValue(method.ContainingType.ToDisplayString(), out (CallbackThread Where, HashSet<string> Members)[]? rows))
            return CallbackThread.Unknown;
        if (method.Parameters.Any(static parameter => parameter.Type.Name == "TaskScheduler")) return CallbackThread.Unknown;
        foreach ((CallbackThread where, HashSet<string> members) in rows)
        {
            if (members.Contains(method.Name) || members.Contains("*")) return where;
        }

        return CallbackThread.Unknown;
    }

    /// <summary>Where a function runs, by the method that it is given to, through casts and the like.</summary>
    public static CallbackThread Of(IOperation function) =>
        GivenTo(function) is { } method ? Of(method) : CallbackThread.Unknown;

    /// <summary>The method that this is an argument of.</summary>
    public static IMethodSymbol? GivenTo(IOperation function) => ArgumentOf(function)?.Parent switch
    {
        IInvocationOperation call => call.TargetMethod,
        IObjectCreationOperation creation => creation.Constructor,
        _ => null,
    };

    /// <summary>The argument that this is.</summary>
    public static IArgumentOperation? ArgumentOf(IOperation value)
    {
        IOperation? parent = value.Parent;
        while (parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation) parent = parent.Parent;
        return parent as IArgumentOperation;
    }

    public static bool IsOnLoop(CallbackThread where) =>
        where is CallbackThread.Loop or CallbackThread.LoopWhenReady or CallbackThread.LoopWhenDone;
}
