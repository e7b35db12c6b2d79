using System.Globalization;

namespace TaskService;

/// <summary>The command line's <c>--name value</c> pairs.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    public Arguments(ReadOnlySpan<string> arguments)
    {
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == arguments.Length)
                throw new UsageException($"Expected --name value, not '{arguments[i]}'.");
            _values[arguments[i][2..]] = arguments[i + 1];
        }
    }

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise)
    {
        if (!_values.TryGetValue(name, out string? text)) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new UsageException($"--{name} wants a number, not '{text}'.");
    }
}

internal sealed class UsageException(string message) : Exception(message);
