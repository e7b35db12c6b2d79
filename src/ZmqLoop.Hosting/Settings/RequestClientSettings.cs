using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>What of a request client can be set in a configuration.</summary>
internal static class RequestClientSettings
{
    public static SettingTable<RequestClientOptions> All { get; } = new SettingTable<RequestClientOptions>()
        .Add(nameof(RequestClientOptions.MaxInFlight), SettingValue.Int32, static (options, value) => options with { MaxInFlight = value })
        .Add(nameof(RequestClientOptions.HeartbeatInterval), SettingValue.Duration,
            static (options, value) => options with { HeartbeatInterval = value })
        .Add(nameof(RequestClientOptions.HeartbeatTimeout), SettingValue.Duration,
            static (options, value) => options with { HeartbeatTimeout = value })
        .Add(nameof(RequestClientOptions.PropagateTrace), SettingValue.Boolean,
            static (options, value) => options with { PropagateTrace = value })
        .Add(nameof(RequestClientOptions.DrainTime), SettingValue.Duration, static (options, value) => options with { DrainTime = value })
        .Add(nameof(RequestOptions.Timeout), SettingValue.Duration,
            static (options, value) => options with { Requests = options.Requests with { Timeout = value } })
        .Add(nameof(RequestOptions.Retries), SettingValue.Int32,
            static (options, value) => options with { Requests = options.Requests with { Retries = value } })
        .Add(nameof(RequestOptions.TryTimeout), SettingValue.Duration,
            static (options, value) => options with { Requests = options.Requests with { TryTimeout = value } })
        .Add(nameof(RequestOptions.Backoff), SettingValue.Duration,
            static (options, value) => options with { Requests = options.Requests with { Backoff = value } })
        .Add(nameof(RequestOptions.TellsTimeLeft), SettingValue.Boolean,
            static (options, value) => options with { Requests = options.Requests with { TellsTimeLeft = value } })
        .Add(nameof(RequestOptions.TellsCancellation), SettingValue.Boolean,
            static (options, value) => options with { Requests = options.Requests with { TellsCancellation = value } });
}
