using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>What of a responder can be set in a configuration.</summary>
internal static class ResponderSettings
{
    public static SettingTable<ResponderOptions> All { get; } = new SettingTable<ResponderOptions>()
        .Add(nameof(ResponderOptions.MaxConcurrency), SettingValue.Int32,
            static (options, value) => options with { MaxConcurrency = value })
        .Add(nameof(ResponderOptions.HandlerTimeout), SettingValue.Duration,
            static (options, value) => options with { HandlerTimeout = value })
        .Add(nameof(ResponderOptions.HandlerWarning), SettingValue.Duration,
            static (options, value) => options with { HandlerWarning = value })
        .Add(nameof(ResponderOptions.ReplyTimeToLive), SettingValue.Duration,
            static (options, value) => options with { ReplyTimeToLive = value })
        .Add(nameof(ResponderOptions.PropagateTrace), SettingValue.Boolean,
            static (options, value) => options with { PropagateTrace = value })
        .Add(nameof(ResponderOptions.QuotedBytes), SettingValue.Int32, static (options, value) => options with { QuotedBytes = value })
        .Add(nameof(ResponderOptions.DrainTime), SettingValue.Duration, static (options, value) => options with { DrainTime = value });
}
