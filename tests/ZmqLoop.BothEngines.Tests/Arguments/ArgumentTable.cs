using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Arguments;

/// <summary>ArgumentTable.txt: a row for each parameter, with the values that are fine; all others are refused.</summary>
internal sealed class ArgumentTable
{
    private readonly Dictionary<string, string[]> _rows = [];

    private ArgumentTable()
    {
    }

    public static string File { get; } =
        Path.Combine(Checkout.Root, "tests", "ZmqLoop.BothEngines.Tests", "Arguments", "ArgumentTable.txt");

    public IEnumerable<string> Keys => _rows.Keys;

    public static ArgumentTable Read()
    {
        ArgumentTable table = new();
        foreach (string line in System.IO.File.ReadLines(File))
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            string[] parts = line.Split(':', 2);
            table._rows.Add(parts[0], parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return table;
    }

    /// <summary>The row of one engine, else the parameter's, else the type's; null where there is none.</summary>
    /// <returns>By the value's name what happens: <c>fine</c>, or the name of an exception. What is not there is refused.</returns>
    public (string Key, Dictionary<string, string> Values)? RowOf(string key, string? engine)
    {
        string type = key.StartsWith("new ", StringComparison.Ordinal)
            ? key[4..key.IndexOf('(', StringComparison.Ordinal)] : key.Split('.')[0];
        foreach (string candidate in (string[])[$"{key} [{engine}]", key, $"{type}.*"])
        {
            if (_rows.TryGetValue(candidate, out string[]? values)) return (candidate, Parse(values));
        }

        return null;
    }

    private static Dictionary<string, string> Parse(string[] values) => values.Select(static value => value.Split('=')).ToDictionary(
        static parts => parts[0], static parts => parts.Length == 1 ? "fine" : parts[1]);
}
