using System.CommandLine;
using ZmqLoop.Tool.Formats;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>--reply</c>: how messages are answered.</summary>
internal static class ReplyOption
{
    public static Option<string[]> Create(string otherwise) => new("--reply", "-r")
    {
        Description = "The answer, a frame each: {0} is the first frame of what is answered, {frames} all of them, {n} its number, {time} "
            + "the time in UTC, {{n}} the text {n}; @file is what the file has. " + otherwise,
        HelpName = "template",
        DefaultValueFactory = static _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    public static MessageTemplate? Read(ParseResult result, Option<string[]> option) =>
        result.GetValue(option) is { Length: > 0 } frames ? new MessageTemplate(new TextFormat(null).Read(frames)) : null;
}
