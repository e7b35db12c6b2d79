namespace ZmqLoop.Hosting;

/// <summary>What of some options can be set in a configuration: by its name, how a text becomes a change of them.</summary>
internal sealed class SettingTable<TOptions>
{
    private readonly Dictionary<string, Func<string, TOptions, TOptions>> _changes = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Names => _changes.Keys;

    public SettingTable<TOptions> Add<T>(string name, Func<string, T> parse, Func<TOptions, T, TOptions> change)
    {
        _changes.Add(name, (text, options) => change(options, parse(text)));
        return this;
    }

    /// <returns>False where there is none of this name.</returns>
    /// <exception cref="FormatException">The text cannot be read.</exception>
    public bool TryChange(string name, Func<string> text, ref TOptions options)
    {
        if (!_changes.TryGetValue(name, out Func<string, TOptions, TOptions>? change)) return false;
        options = change(text(), options);
        return true;
    }
}
