namespace ZmqLoop.Hosting;

/// <summary>What of a socket can be set in a configuration, by the names of <see cref="ZMQSocket"/>'s properties. A secret key does not
/// belong in a file that is checked in; the configuration may come from elsewhere.</summary>
internal static class SocketSettings
{
    public static IReadOnlyDictionary<string, Func<string, Action<ZMQSocket>>> All { get; } =
        new Dictionary<string, Func<string, Action<ZMQSocket>>>(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(ZMQSocket.Linger)] = Of(ZMQSocketOptions.Linger, SettingValue.Duration),
            [nameof(ZMQSocket.HighWaterMark)] = static text =>
            {
                int value = SettingValue.Int32(text);
                return socket => socket.HighWaterMark = value;
            },
            [nameof(ZMQSocket.SendHighWaterMark)] = Of(ZMQSocketOptions.SndHwm, SettingValue.Int32),
            [nameof(ZMQSocket.ReceiveHighWaterMark)] = Of(ZMQSocketOptions.RcvHwm, SettingValue.Int32),
            [nameof(ZMQSocket.RoutingId)] = Of(ZMQSocketOptions.RoutingId, SettingValue.Utf8),
            [nameof(ZMQSocket.RouterMandatory)] = Of(ZMQSocketOptions.RouterMandatory, SettingValue.Boolean),
            [nameof(ZMQSocket.Immediate)] = Of(ZMQSocketOptions.Immediate, SettingValue.Boolean),
            [nameof(ZMQSocket.MaxMessageSize)] = Of(ZMQSocketOptions.MaxMsgSize, SettingValue.Int64),
            [nameof(ZMQSocket.Backlog)] = Of(ZMQSocketOptions.Backlog, SettingValue.Int32),
            [nameof(ZMQSocket.IPv6)] = Of(ZMQSocketOptions.IPv6, SettingValue.Boolean),
            [nameof(ZMQSocket.ReconnectInterval)] = Of(ZMQSocketOptions.ReconnectIvl, SettingValue.Duration),
            [nameof(ZMQSocket.ReconnectIntervalMax)] = Of(ZMQSocketOptions.ReconnectIvlMax, SettingValue.Duration),
            [nameof(ZMQSocket.ConnectTimeout)] = Of(ZMQSocketOptions.ConnectTimeout, SettingValue.Duration),
            [nameof(ZMQSocket.HandshakeInterval)] = Of(ZMQSocketOptions.HandshakeIvl, SettingValue.Duration),
            [nameof(ZMQSocket.HeartbeatInterval)] = Of(ZMQSocketOptions.HeartbeatIvl, SettingValue.Duration),
            [nameof(ZMQSocket.HeartbeatTimeout)] = Of(ZMQSocketOptions.HeartbeatTimeout, SettingValue.Duration),
            [nameof(ZMQSocket.HeartbeatTtl)] = Of(ZMQSocketOptions.HeartbeatTtl, SettingValue.Duration),
            [nameof(ZMQSocket.PlainServer)] = Of(ZMQSocketOptions.PlainServer, SettingValue.Boolean),
            [nameof(ZMQSocket.PlainUsername)] = Of(ZMQSocketOptions.PlainUsername, SettingValue.Text),
            [nameof(ZMQSocket.PlainPassword)] = Of(ZMQSocketOptions.PlainPassword, SettingValue.Text),
            [nameof(ZMQSocket.ZapDomain)] = Of(ZMQSocketOptions.ZapDomain, SettingValue.Text),
            [nameof(ZMQSocket.CurveServer)] = Of(ZMQSocketOptions.CurveServer, SettingValue.Boolean),
            [nameof(ZMQSocket.CurvePublicKey)] = Of(ZMQSocketOptions.CurvePublicKey, SettingValue.Key),
            [nameof(ZMQSocket.CurveSecretKey)] = Of(ZMQSocketOptions.CurveSecretKey, SettingValue.Key),
            [nameof(ZMQSocket.CurveServerKey)] = Of(ZMQSocketOptions.CurveServerKey, SettingValue.Key),
            [nameof(ZMQSocket.RouterHandover)] = Of(ZMQSocketOptions.RouterHandover, SettingValue.Boolean),
            [nameof(ZMQSocket.ProbeRouter)] = Of(ZMQSocketOptions.ProbeRouter, SettingValue.Boolean),
            [nameof(ZMQSocket.XPubVerbose)] = Of(ZMQSocketOptions.XPubVerbose, SettingValue.Boolean),
            [nameof(ZMQSocket.Conflate)] = Of(ZMQSocketOptions.Conflate, SettingValue.Boolean),
            [nameof(ZMQSocket.ReqCorrelate)] = Of(ZMQSocketOptions.ReqCorrelate, SettingValue.Boolean),
            [nameof(ZMQSocket.ReqRelaxed)] = Of(ZMQSocketOptions.ReqRelaxed, SettingValue.Boolean),
        };

    private static Func<string, Action<ZMQSocket>> Of<T>(SocketOption<T> option, Func<string, T> parse) => text =>
    {
        T value = parse(text);
        return socket => socket.Set(option, value);
    };
}
