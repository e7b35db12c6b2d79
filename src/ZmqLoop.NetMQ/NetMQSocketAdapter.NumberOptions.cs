using System.Collections.Frozen;
using NetMQ;
using ZmqLoop.Interop;
using ZmqLoop.Polling;

namespace ZmqLoop;

public sealed partial class NetMQSocketAdapter
{
    /// <summary>The options that are numbers, in libzmq's units.</summary>
    private static class NumberOptions
    {
        private static readonly FrozenDictionary<int, Entry<long>> _table = new Dictionary<int, Entry<long>>
        {
            [4] = Number(static options => options.Affinity, static (options, value) => options.Affinity = value),
            [8] = Number(static options => options.MulticastRate, static (options, value) => options.MulticastRate = (int)value),
            [9] = Duration(static options => options.MulticastRecoveryInterval,
                static (options, value) => options.MulticastRecoveryInterval = value),
            [11] = Number(static options => options.SendBuffer, static (options, value) => options.SendBuffer = (int)value),
            [12] = Number(static options => options.ReceiveBuffer, static (options, value) => options.ReceiveBuffer = (int)value),
            [13] = Flag(static options => options.ReceiveMore, null),
            [14] = new Entry<long>(static socket =>
                socket._core is { } core ? SocketInternals.Mailbox(core).Handle : throw new NotSupportedException(), null),
            [15] = new Entry<long>(static socket => socket.AskEvents(signalled: true).ToZeroMQ(), null),
            [16] = new Entry<long>(static socket => (long)socket.Type, null),
            [17] = Duration(static options => options.Linger, static (options, value) => options.Linger = value),
            [18] = Duration(static options => options.ReconnectInterval, static (options, value) => options.ReconnectInterval = value),
            [19] = Number(static options => options.Backlog, static (options, value) => options.Backlog = (int)value),
            [21] =
                Duration(static options => options.ReconnectIntervalMax, static (options, value) => options.ReconnectIntervalMax = value),
            [22] = new Entry<long>(static socket => socket._socket.Options.MaxMsgSize, static (socket, value) => SetLimit(socket, value)),
            [23] = Number(static options => options.SendHighWatermark, static (options, value) => options.SendHighWatermark = (int)value),
            [24] = Number(static options => options.ReceiveHighWatermark,
                static (options, value) => options.ReceiveHighWatermark = (int)value),
            [25] = Number(static options => options.MulticastHops, static (options, value) => options.MulticastHops = (int)value),
            [33] = Flag(null, static (options, value) => options.RouterMandatory = value),
            [34] = Number(static options => options.TcpKeepalive ? 1 : 0, static (options, value) => options.TcpKeepalive = value switch
            {
                0 => false,
                1 => true,
                _ => throw new InvalidException("NetMQ can switch keep-alives on (1) and off (0), and not back to the system's default"),
            }),
            [35] = Number(static options => options.TcpKeepaliveCnt, static (options, value) => options.TcpKeepaliveCnt = (int)value),
            [36] = Number(static options => Seconds(options.TcpKeepaliveIdle),
                static (options, value) => options.TcpKeepaliveIdle = Seconds(value)),
            [37] = Number(static options => Seconds(options.TcpKeepaliveInterval),
                static (options, value) => options.TcpKeepaliveInterval = Seconds(value)),
            [39] = Flag(static options => options.DelayAttachOnConnect, static (options, value) => options.DelayAttachOnConnect = value),
            [40] = Flag(null, static (options, value) => options.XPubVerbose = value),
            [41] = Flag(null, static (options, value) => options.RouterRawSocket = value),
            [42] = Flag(static options => !options.IPv4Only, static (options, value) => options.IPv4Only = !value),
            [47] = new Entry<long>(
                static socket => socket._socket.Options.CurveServer ? 1 : 0, static (socket, value) => SetCurveServer(socket, value != 0)),
            [52] = Flag(null, static (options, value) => options.Correlate = value),
            [53] = Flag(null, static (options, value) => options.Relaxed = value),
            [56] = Flag(null, static (options, value) => options.RouterHandover = value),
            [71] = Flag(null, static (options, value) => options.ManualPublisher = value),
            [75] = Duration(static options => options.HeartbeatInterval, static (options, value) => options.HeartbeatInterval = value),
            [76] = Duration(static options => options.HeartbeatTtl, static (options, value) => options.HeartbeatTtl = value),
            [77] = Duration(static options => options.HeartbeatTimeout, static (options, value) => options.HeartbeatTimeout = value),
            [81] = new Entry<long>(static _ => 0, null), // those that are cannot be polled
            [84] = Number(null, static (options, value) => options.PgmMaxTransportServiceDataUnitLength = (int)value),
        }.ToFrozenDictionary();

        public static Entry<long>? Of(int id) => _table.GetValueOrDefault(id);

        private static Entry<long> Number(Func<SocketOptions, long>? get, Action<SocketOptions, long>? set) => new(
            get is null ? null : socket => get(socket._socket.Options),
            set is null ? null : (socket, value) => set(socket._socket.Options, value));

        private static Entry<long> Flag(Func<SocketOptions, bool>? get, Action<SocketOptions, bool>? set) => Number(
            get is null ? null : options => get(options) ? 1 : 0,
            set is null ? null : (options, value) => set(options, value != 0));

        private static Entry<long> Duration(Func<SocketOptions, TimeSpan> get, Action<SocketOptions, TimeSpan> set) => Number(
            options => (long)get(options).TotalMilliseconds,
            (options, value) => set(options, new TimeSpan(value * TimeSpan.TicksPerMillisecond)));

        private static void SetLimit(NetMQSocketAdapter socket, long bytes)
        {
            socket._socket.Options.MaxMsgSize = bytes;
            socket.WarnOfLimit(bytes);
        }

        private static void SetCurveServer(NetMQSocketAdapter socket, bool isServer)
        {
            if (isServer) socket.DemandCurve($"ZMQ_CURVE_SERVER of {socket} cannot be set");
            socket._socket.Options.CurveServer = isServer;
        }

        private static long Seconds(TimeSpan span) => span < TimeSpan.Zero ? -1 : (long)span.TotalSeconds;

        private static TimeSpan Seconds(long value) => value < 0 ? Timeout.InfiniteTimeSpan : new TimeSpan(value * TimeSpan.TicksPerSecond);
    }
}
