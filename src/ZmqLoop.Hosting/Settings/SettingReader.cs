using Microsoft.Extensions.Configuration;

namespace ZmqLoop.Hosting;

/// <summary>Reads a section of the configuration, key by key, without reflection; what is wrong is gathered, and not thrown.</summary>
/// <param name="name">Of what is made.</param>
/// <param name="kind">What it is, as its <c>Type</c> may say; null where that is the type of its socket.</param>
/// <param name="options">Are changed.</param>
/// <param name="settings">Those of the options by their names.</param>
internal sealed class SettingReader<TOptions>(
    string name, string? kind, HostedSocketOptions<TOptions> options, SettingTable<TOptions> settings)
    where TOptions : class, new()
{
    private static readonly string[] _own = ["Type", "Bind", "Connect", "Subscribe", "RequiredPeers"];

    private readonly Dictionary<(IList<string> List, string Text), string> _keys = [];
    private readonly List<Action<ZMQSocket>> _socketSettings = []; // whatever code makes of the options after this

    public List<string> Failures { get; } = [];

    /// <summary>Sets what the section says of the socket.</summary>
    public void Apply(ZMQSocket socket)
    {
        foreach (Action<ZMQSocket> set in _socketSettings) set(socket);
    }

    public void Read(IConfiguration section)
    {
        if (section is IConfigurationSection { Path: var path } named && !named.Exists())
        {
            Failures.Add($"The configuration has no section {path}, by which '{name}' was to be made.");
            return;
        }

        foreach (IConfigurationSection setting in section.GetChildren().Where(static setting => setting.Exists())) // null is not there
        {
            try
            {
                Read(setting);
            }
            catch (FormatException exception)
            {
                Failures.Add($"{setting.Path}{(IsSecret(setting.Key) ? "" : $" is '{setting.Value}'")}: {exception.Message}");
            }
        }
    }

    /// <summary>The endpoints with the keys that they came from.</summary>
    public PlannedEndpoint[] Plan(IList<string> endpoints) =>
        [.. endpoints.Select(endpoint => new PlannedEndpoint(endpoint, _keys.GetValueOrDefault((endpoints, endpoint))))];

    private void Read(IConfigurationSection setting)
    {
        string key = setting.Key;
        TOptions changed = options.Options;
        if (Is(key, "Type")) ReadType(Text(setting));
        else if (Is(key, "Bind")) ReadInto(options.Bind, setting);
        else if (Is(key, "Connect")) ReadInto(options.Connect, setting);
        else if (Is(key, "Subscribe")) ReadInto(options.Subscribe, setting);
        else if (Is(key, "RequiredPeers")) options.RequiredPeers = SettingValue.Int32(Text(setting));
        else if (settings.TryChange(key, () => Text(setting), ref changed)) options.Options = changed;
        else if (SocketSettings.All.TryGetValue(key, out Func<string, Action<ZMQSocket>>? set)) _socketSettings.Add(set(Text(setting)));
        else Failures.Add($"{setting.Path} is no setting of '{name}': there are "
            + string.Join(", ", _own.Concat(settings.Names).Concat(SocketSettings.All.Keys).Order(StringComparer.Ordinal)) + ".");
    }

    private void ReadType(string type)
    {
        if (kind is null || !Is(type, kind)) options.Type = SettingValue.TypeOfSocket(type);
    }

    private void ReadInto(IList<string> texts, IConfigurationSection setting)
    {
        IConfigurationSection[] all = [.. setting.GetChildren()];
        foreach (IConfigurationSection one in all.Length > 0 ? all : [setting])
        {
            string text = Text(one);
            texts.Add(text);
            _keys[(texts, text)] = one.Path;
        }
    }

    private static string Text(IConfigurationSection setting) =>
        setting.Value ?? throw new FormatException("a single value is wanted here, and no list or section.");

    /// <summary>What logs do not show.</summary>
    private static bool IsSecret(string key) =>
        Is(key, nameof(ZMQSocket.CurveSecretKey)) || Is(key, nameof(ZMQSocket.PlainPassword));

    private static bool Is(string key, string name) => key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
