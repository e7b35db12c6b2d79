using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Formats;

/// <summary>A message with gaps: <c>{0}</c> and on for the frames of the message that is answered, <c>{frames}</c> for all of them,
/// <c>{n}</c> for how many messages there were, this one included, <c>{time}</c> for the time in UTC. <c>{{n}}</c> is the text
/// <c>{n}</c>; all other braces stand for themselves, so that JSON can be written as it is.</summary>
internal sealed partial class MessageTemplate(Message pattern)
{
    /// <summary>The message, filled in.</summary>
    /// <param name="request">The frames that are answered; none where nothing is.</param>
    /// <param name="number">The message's number, from 1.</param>
    public Message Fill(ReadOnlySpan<Frame> request, long number)
    {
        Message filled = new();
        foreach (Frame frame in pattern.Frames)
        {
            string text = frame.ToText();
            if (text == "{frames}") foreach (Frame all in request) filled.Append(all);
            else filled.Append(Gap().IsMatch(text) ? FillFrame(text, request, number) : frame);
        }

        return filled.Count > 0 ? filled : filled.Append(Frame.Empty);
    }

    private static Frame FillFrame(string text, ReadOnlySpan<Frame> request, long number)
    {
        using MemoryStream filled = new();
        int done = 0;
        foreach (Match gap in Gap().Matches(text))
        {
            filled.Write(Encoding.UTF8.GetBytes(text[done..gap.Index]));
            filled.Write(gap.Groups["literal"].Success ? Encoding.UTF8.GetBytes(gap.Value[1..^1])
                : ValueOf(gap.Groups["name"].Value, request, number));
            done = gap.Index + gap.Length;
        }

        filled.Write(Encoding.UTF8.GetBytes(text[done..]));
        return Frame.Own(filled.ToArray());
    }

    private static ReadOnlySpan<byte> ValueOf(string name, ReadOnlySpan<Frame> request, long number) => name switch
    {
        "n" => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
        "time" => Encoding.UTF8.GetBytes(Units.Time(TimeProvider.System.GetUtcNow())),
        "frames" => Joined(request),
        _ => int.Parse(name, CultureInfo.InvariantCulture) is var index && index < request.Length ? request[index].Span : [],
    };

    private static byte[] Joined(ReadOnlySpan<Frame> frames)
    {
        using MemoryStream joined = new();
        for (int i = 0; i < frames.Length; i++)
        {
            if (i > 0) joined.WriteByte((byte)'\t');
            joined.Write(frames[i].Span);
        }

        return joined.ToArray();
    }

    [GeneratedRegex(@"(?<literal>\{)?\{(?<name>n|time|frames|[0-9]{1,3})\}(?(literal)\})")]
    private static partial Regex Gap();
}
