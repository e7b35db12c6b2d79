using System.Diagnostics;
using System.Text;

namespace ZmqLoop;

/// <summary>
/// Where a callback was scheduled, and where the callback that scheduled it was, and so on: the story that a stack trace cannot tell.
/// Recorded only by loops with <see cref="IOLoopOptions.Debug"/>; it flows with the ExecutionContext, so it also knows its way through
/// <c>await</c> and the thread pool.
/// </summary>
public sealed class CallbackTrail
{
    /// <summary>So many hops are kept; the story of a callback that has been scheduling itself for a week is in the last ones.</summary>
    private const int Kept = 16;

    private static readonly string[] _library = ["ZmqLoop,", "ZmqLoop.Streams,"]; // the start of the assemblies' full names

    private static readonly AsyncLocal<CallbackTrail?> _current = new();

    private readonly StackTrace _scheduledAt;
    private readonly int _length;

    private CallbackTrail(StackTrace scheduledAt, CallbackTrail? previous)
    {
        _scheduledAt = scheduledAt;
        Previous = previous is { _length: >= 2 * Kept } ? previous.Shortened() : previous;
        _length = (Previous?._length ?? 0) + 1;
    }

    /// <summary>The trail of the callback that is running here, or null.</summary>
    public static CallbackTrail? Current => _current.Value;

    /// <summary>The hop before, or null.</summary>
    public CallbackTrail? Previous { get; }

    /// <summary>The innermost frame outside of this library, with file and line where they are known.</summary>
    public string ScheduledAt => Place(_scheduledAt);

    /// <summary>One line a hop, the latest first.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        int hops = 0;
        for (CallbackTrail? hop = this; hop is not null && hops < Kept; hop = hop.Previous, hops++)
            text.Append(hops == 0 ? "scheduled at " : Environment.NewLine + "  by a callback scheduled at ").Append(hop.ScheduledAt);
        return text.ToString();
    }

    /// <summary>The trail of the running callback, with the caller's place as one more hop.</summary>
    internal static CallbackTrail Here() => new(new StackTrace(skipFrames: 1, fNeedFileInfo: true), _current.Value);

    /// <summary>The same capture with one more hop in its ExecutionContext.</summary>
    internal static CapturedContext Extend(in CapturedContext captured)
    {
        CallbackTrail hop = Here();
        ExecutionContext? here = ExecutionContext.Capture();
        if (here is null) return captured;
        ExecutionContext.Restore(captured.ExecutionContext ?? OuterExecutionContext.Default);
        _current.Value = hop;
        ExecutionContext? extended = ExecutionContext.Capture();
        ExecutionContext.Restore(here);
        return new CapturedContext(captured.Node, extended);
    }

    /// <summary>The trail that was captured, or null.</summary>
    internal static CallbackTrail? Of(in CapturedContext captured)
    {
        CallbackTrail? trail = null;
        if (captured.ExecutionContext is { } context) ExecutionContext.Run(context, _ => trail = _current.Value, null);
        return trail;
    }

    internal static string Place(StackTrace trace)
    {
        foreach (StackFrame frame in trace.GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { DeclaringAssemblyName: { } assembly } method) continue;
            if (Array.Exists(_library, name => assembly.StartsWith(name, StringComparison.Ordinal))) continue;
            string place = CallbackName.Of(method.DeclaringTypeName ?? "", method.Name);
            return frame.GetFileName() is { } file ? $"{place} in {file}:{frame.GetFileLineNumber()}" : place;
        }

        return "a place inside this library";
    }

    private CallbackTrail Shortened()
    {
        var kept = new List<CallbackTrail>(Kept);
        for (CallbackTrail? hop = this; hop is not null && kept.Count < Kept; hop = hop.Previous) kept.Add(hop);
        CallbackTrail? shortened = null;
        for (int i = kept.Count - 1; i >= 0; i--) shortened = new CallbackTrail(kept[i]._scheduledAt, shortened);
        return shortened!;
    }
}
