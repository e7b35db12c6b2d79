using System.CommandLine;
using System.Text;

namespace ZmqLoop.Tool.Formats;

/// <summary><c>--format</c>, <c>--raw</c> and <c>--frames</c>.</summary>
internal sealed class FormatOptions
{
    private readonly Option<string> _format = new Option<string>("--format", "-f")
    {
        Description = "How messages are written and read: text (a line each, frames behind TABs, escaped for the terminal), json (an array "
            + "of frames) or hex (frames behind spaces). json and hex can be read back as the same message.",
        DefaultValueFactory = static _ => "text",
    }.AcceptOnlyFromAmong("text", "json", "hex");

    private readonly Option<bool> _raw = new("--raw")
    {
        Description = "Writes the bytes of frames as they are, with nothing between; reads all of stdin as one frame.",
    };

    private readonly Option<string?> _frames = new("--frames", "-d")
    {
        Description = "With --format text: the character between frames, which splits lines that are read; \\t is a TAB.",
        HelpName = "char",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_format);
        command.Options.Add(_raw);
        command.Options.Add(_frames);
    }

    public bool IsRaw(ParseResult result) => result.GetValue(_raw);

    public MessageFormat Read(ParseResult result)
    {
        string name = result.GetValue(_format)!;
        string? frames = result.GetValue(_frames);
        if (IsRaw(result))
        {
            if (frames is not null || name != "text") throw new ToolException("--raw goes with neither --format nor --frames: take one.");
            return new RawFormat();
        }

        if (frames is not null && name != "text") throw new ToolException($"--frames is for --format text: {name} says where frames end.");
        return name switch
        {
            "json" => new JsonFormat(),
            "hex" => new HexFormat(),
            _ => new TextFormat(frames is null ? null : Character(frames)),
        };
    }

    private static Rune Character(string text)
    {
        Rune[] runes = [.. (text == "\\t" ? "\t" : text).EnumerateRunes()];
        return runes is [var one] && one.Value is not ('\n' or '\r') ? one
            : throw new ToolException($"--frames takes one character, such as '|' or \\t, and not '{text}'.");
    }
}
