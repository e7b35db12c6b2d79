using Spectre.Console;
using Spectre.Console.Rendering;

namespace ZmqLoop.Tool.Terminal;

/// <summary>All of the terminal for one view, which is shown anew each time; disposed of, the terminal is as it was. Loop's
/// thread.</summary>
internal sealed class Screen : IDisposable
{
    // The other screen, without the cursor and without lines that go on in the next; and back. .NET switches the keypad on with the first
    // key that it reads, and leaves it so.
    private const string Enter = "\e[?1049h\e[?25l\e[?7l";
    private const string Leave = "\e[?7h\e[?25h\e[?1049l\e[?1l\e>";

    private const int Narrowest = 20; // below that tables have no form

    public Screen() => Write(Enter);

    /// <summary>Whether stdout is a terminal that has a screen.</summary>
    public static bool IsThere => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>Ends at the first of these keys.</summary>
    /// <remarks>The thread that waits for it keeps the process from nothing.</remarks>
    public static Task KeyAsync(params char[] keys)
    {
        TaskCompletionSource pressed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Console.IsInputRedirected) return pressed.Task;
        Thread reader = new(() =>
        {
            try
            {
                while (!keys.Contains(Console.ReadKey(intercept: true).KeyChar)) { }
                pressed.TrySetResult();
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException)
            {
                // The terminal has gone, and its signal ends the run.
            }
        }) { IsBackground = true, Name = "zmqloop keys" };
        reader.Start();
        return pressed.Task;
    }

    /// <summary>Shows a view: what has no room below is cut.</summary>
    /// <param name="view">Made for a width, in characters.</param>
    public static void Show(Func<int, IRenderable> view)
    {
        (int width, int height) = (Math.Max(Console.WindowWidth, Narrowest), Math.Max(Console.WindowHeight, 2));
        using StringWriter text = new() { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = (ColorSystemSupport)AnsiConsole.Profile.Capabilities.ColorSystem,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Write(view(width));
        string[] lines = text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (lines.Length > height) lines = [.. lines[..(height - 1)], $"… and {lines.Length - height + 1} more lines"];
        Write("\e[H" + string.Join("\e[K\r\n", lines) + "\e[K\e[J");
    }

    public void Dispose() => Write(Leave);

    private static void Write(string text)
    {
        try
        {
            Console.Out.Write(text);
            Console.Out.Flush();
        }
        catch (IOException)
        {
            // The terminal has gone, and its signal ends the run.
        }
    }
}
