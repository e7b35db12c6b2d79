using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ZmqLoop.Hosting;

/// <summary>What the application said when it added a socket; looked at when the host starts.</summary>
internal sealed class SocketRegistration<TOptions> where TOptions : class, new()
{
    private readonly string _name;
    private readonly SocketType? _type;
    private readonly IConfiguration? _section;
    private readonly Action<HostedSocketOptions<TOptions>>? _configure;

    public SocketRegistration(string name, SocketType? type, IConfiguration? section, Action<HostedSocketOptions<TOptions>>? configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (type is null) ArgumentNullException.ThrowIfNull(section);
        _name = name;
        _type = type;
        _section = section;
        _configure = configure;
    }

    /// <exception cref="OptionsValidationException">Something of it is wrong: the message says what, and under which key.</exception>
    public SocketPlan<TOptions> Build(SettingTable<TOptions> settings)
    {
        HostedSocketOptions<TOptions> options = new(_type);
        string? kind = typeof(TOptions) == typeof(Streams.ZMQStreamOptions) ? null : typeof(TOptions).Name.Replace("Options", "");
        SettingReader<TOptions> reader = new(_name, kind, options, settings);
        if (_section is not null) reader.Read(_section);
        List<string> failures = reader.Failures;
        _configure?.Invoke(options);
        if (options.Type is null && failures.Count == 0)
        {
            string key = (_section as IConfigurationSection)?.Path is { } path ? path + ":Type" : "Type";
            failures.Add($"'{_name}' has no type of socket: set {key}, such as to Router.");
        }

        if (options.Type is { } type && !Enum.IsDefined(type)) failures.Add($"'{_name}': there is no type of socket {type}.");
        if (kind is not null && options.Type != _type && failures.Count == 0)
            failures.Add($"'{_name}' is a {kind}, over {_type}, and not over {options.Type}.");
        if (options.Subscribe.Count > 0 && options.Type is { } subscriber and not SocketType.Sub)
            failures.Add($"'{_name}' is a {subscriber}, which cannot subscribe: a Sub can.");
        if (options.RequiredPeers < 0) failures.Add($"'{_name}': RequiredPeers is {options.RequiredPeers}: give 0 or more.");
        if (options.Options is null) failures.Add($"'{_name}': its Options are null.");
        if (failures.Count > 0) throw new OptionsValidationException(_name, typeof(HostedSocketOptions<TOptions>), failures);

        string[] subscriptions = [.. options.Subscribe];
        SocketPlan plan = new(
            options.Type!.Value, reader.Plan(options.Bind), reader.Plan(options.Connect), Apply, options.RequiredPeers);
        return new SocketPlan<TOptions>(plan, options.Options!);

        void Apply(ZMQSocket socket)
        {
            reader.Apply(socket);
            options.Socket?.Invoke(socket);
            foreach (string prefix in subscriptions) socket.Subscribe(prefix);
        }
    }
}
