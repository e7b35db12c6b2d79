using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>What of a stream can be set in a configuration.</summary>
internal static class StreamSettings
{
    public static SettingTable<ZMQStreamOptions> All { get; } = new SettingTable<ZMQStreamOptions>()
        .Add(nameof(ZMQStreamOptions.MaxFramesPerMessage), SettingValue.Int32,
            static (options, value) => options with { MaxFramesPerMessage = value })
        .Add(nameof(ZMQStreamOptions.MaxBytesPerMessage), SettingValue.Int64,
            static (options, value) => options with { MaxBytesPerMessage = value })
        .Add(nameof(ZMQStreamOptions.MessagesPerTurn), SettingValue.Int32,
            static (options, value) => options with { MessagesPerTurn = value })
        .Add(nameof(ZMQStreamOptions.BytesPerTurn), SettingValue.Int64, static (options, value) => options with { BytesPerTurn = value })
        .Add(nameof(ZMQStreamOptions.TimePerTurn), SettingValue.Duration, static (options, value) => options with { TimePerTurn = value })
        .Add(nameof(ZMQStreamOptions.Priority), SettingValue.Int32, static (options, value) => options with { Priority = value })
        .Add(nameof(ZMQStreamOptions.ErrorPolicy), SettingValue.Enumerated<StreamErrorPolicy>,
            static (options, value) => options with { ErrorPolicy = value })
        .Add(nameof(ZMQStreamOptions.EnvelopeFormat), SettingValue.Envelope,
            static (options, value) => options with { EnvelopeFormat = value })
        .Add(nameof(ZMQStreamOptions.MaxConcurrency), SettingValue.Int32,
            static (options, value) => options with { MaxConcurrency = value })
        .Add(nameof(ZMQStreamOptions.HandlerWarning), SettingValue.Duration,
            static (options, value) => options with { HandlerWarning = value })
        .Add(nameof(ZMQStreamOptions.HandlerTimeout), SettingValue.Duration,
            static (options, value) => options with { HandlerTimeout = value })
        .Add(nameof(ZMQStreamOptions.PropagateTrace), SettingValue.Boolean,
            static (options, value) => options with { PropagateTrace = value })
        .Add(nameof(ZMQStreamOptions.QuotedBytes), SettingValue.Int32, static (options, value) => options with { QuotedBytes = value })
        .Add(nameof(ZMQStreamOptions.ReadAhead), SettingValue.Int32, static (options, value) => options with { ReadAhead = value })
        .Add(nameof(ZMQStreamOptions.SendQueueLimit), SettingValue.Int32,
            static (options, value) => options with { SendQueueLimit = value })
        .Add(nameof(ZMQStreamOptions.SendQueueByteLimit), SettingValue.Int64,
            static (options, value) => options with { SendQueueByteLimit = value })
        .Add(nameof(ZMQStreamOptions.MaxQueuedPerPeer), SettingValue.Int32,
            static (options, value) => options with { MaxQueuedPerPeer = value })
        .Add(nameof(ZMQStreamOptions.SendQueueFullMode), SettingValue.Enumerated<SendQueueFullMode>,
            static (options, value) => options with { SendQueueFullMode = value })
        .Add(nameof(ZMQStreamOptions.TimeToLive), SettingValue.Duration, static (options, value) => options with { TimeToLive = value })
        .Add(nameof(ZMQStreamOptions.DrainTime), SettingValue.Duration, static (options, value) => options with { DrainTime = value });
}
