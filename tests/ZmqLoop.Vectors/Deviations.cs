namespace ZmqLoop.Vectors;

/// <summary>Programs of which the library does something else than tornado on purpose, with the trace that it gives instead.</summary>
internal static class Deviations
{
    private static readonly Dictionary<string, string[]> _traces = new()
    {
        // tornado's PeriodicCallback catches the exception itself, so that no context is asked, and the loop reports it.
        // Here a periodic callback is a callback like any other: the contexts in force at its Start are asked first, and X consumes
        // everything.
        ["periodic/esc-does-not-see"] =
        [
            "pstart pc",
            "after X",
            "start",
            "run cb @10 [] (X)",
            "raise E1",
            "handle X E1",
            "handled X true",
            "run stop @15 [] ()",
            "stop",
            "start-return",
            "end [] ()",
        ],
    };

    public static IReadOnlyList<string>? Of(string program) => _traces.GetValueOrDefault(program);
}
