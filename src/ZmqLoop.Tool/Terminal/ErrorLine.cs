using Spectre.Console;

namespace ZmqLoop.Tool.Terminal;

/// <summary>What the tool says of itself: lines on stderr, so that stdout has the messages alone.</summary>
internal static class ErrorLine
{
    private static readonly Lazy<IAnsiConsole> _console = new(static () => AnsiConsole.Create(
        new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));

    /// <summary>stderr as Spectre.Console sees it: in colours where it is a terminal and NO_COLOR is not set.</summary>
    public static IAnsiConsole Terminal => _console.Value;

    /// <summary>An error, in one line.</summary>
    public static void Write(string text) => Say("zmqloop: ", text, Color.Red);

    /// <summary>Something worth knowing.</summary>
    public static void Note(string text) => Say("zmqloop: ", text, Color.Grey);

    private static void Say(string head, string text, Color color)
    {
        string line = PrintableText.Of(head + string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries
            | StringSplitOptions.TrimEntries)));
        try
        {
            if (Console.IsErrorRedirected || _console.Value.Profile.Capabilities.ColorSystem == ColorSystem.NoColors)
                Console.Error.WriteLine(line);
            else _console.Value.WriteLine(line, new Style(color));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nobody reads stderr any more, or it is closed: there is nobody to tell.
        }
    }
}
