using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace ZmqLoop.Streams;

/// <summary>Where in a trace a message was sent, as W3C's headers say it: <c>traceparent: …</c>, and, where there is one, a line with
/// <c>tracestate: …</c>. The last frame of a message, or the end of a request's correlation.</summary>
/// <remarks>Lines end with a line feed, but for the last one. What is not exactly that is no such frame, and stays where it is. Lines of
/// other names are not looked at.</remarks>
internal static partial class TraceFrame
{
    /// <summary>As many as such a frame may have.</summary>
    public const int MostBytes = 4096;

    private const int ParentLength = 55; // of version 00
    private const int MostState = 512; // characters that everybody has to pass on
    private const int MostMembers = 32;

    private static ReadOnlySpan<byte> ParentName => "traceparent: "u8;

    private static ReadOnlySpan<byte> StateName => "tracestate: "u8;

    /// <summary>True for what begins as such a frame does.</summary>
    public static bool IsLike(ReadOnlySpan<byte> bytes) => bytes.StartsWith(ParentName) && bytes.Length <= MostBytes;

    /// <summary>The bytes that say where somebody is.</summary>
    public static byte[] Write(ActivityContext context)
    {
        string flags = context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00";
        string text = $"traceparent: 00-{context.TraceId.ToHexString()}-{context.SpanId.ToHexString()}-{flags}";
        if (context.TraceState is { Length: > 0 } state && IsState(state)) text += "\ntracestate: " + state;
        return Encoding.ASCII.GetBytes(text);
    }

    /// <returns>Null for what is no such frame.</returns>
    public static ActivityContext? Parse(ReadOnlySpan<byte> bytes)
    {
        if (!IsLike(bytes) || bytes[^1] == '\n' || bytes.Contains((byte)'\r')) return null;
        ReadOnlySpan<byte> parent = TakeLine(ref bytes)[ParentName.Length..];
        if (parent.Length != ParentLength || !parent.StartsWith("00-"u8)) return null;
        string? state = null;
        while (state is null && !bytes.IsEmpty)
        {
            ReadOnlySpan<byte> line = TakeLine(ref bytes);
            if (line.StartsWith(StateName)) state = Encoding.Latin1.GetString(line[StateName.Length..]);
        }

        if (state is not null && !IsState(state)) state = null; // W3C: the parent counts nevertheless
        return ActivityContext.TryParse(Encoding.ASCII.GetString(parent), state, isRemote: true, out ActivityContext context)
            ? context : null;
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..end];
        bytes = end < 0 ? default : bytes[(end + 1)..];
        return line;
    }

    /// <summary>W3C's grammar of a list of members, of which none is there twice.</summary>
    private static bool IsState(string state)
    {
        if (state.Length > MostState) return false;
        string[] members = state.Split(',');
        if (members.Length > MostMembers) return false;
        HashSet<string> keys = [];
        foreach (string member in members)
        {
            string trimmed = member.Trim(' ', '\t');
            if (trimmed.Length > 0 && !(Member().IsMatch(trimmed) && keys.Add(trimmed[..trimmed.IndexOf('=')]))) return false;
        }

        return keys.Count > 0;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2B\x2D-\x3C\x3E-\x7E]{1,256}(?<! )\z", RegexOptions.CultureInvariant)]
    private static partial Regex Member();
}
