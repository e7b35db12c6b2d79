using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class NetMQSocketAdapter
{
    // NetMQ takes the two halves together.
    private byte[]? _curvePublicKey;
    private byte[]? _curveSecretKey;

    /// <inheritdoc/>
    public override int BindToRandomPort(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        Touch();
        int port = 0;
        BindTo(address, (socket, address) => port = socket.BindRandomPort(address));
        Endpoint = LastEndpoint;
        return port;
    }

    /// <inheritdoc/>
    protected internal override long GetInteger(SocketOption option, int size)
    {
        Touch();
        return Read(NumberOptions.Of(option.Id)?.Get, option);
    }

    /// <inheritdoc/>
    protected internal override void SetInteger(SocketOption option, long value, int size)
    {
        Touch();
        Action<NetMQSocketAdapter, long> set = NumberOptions.Of(option.Id)?.Set ?? throw Missing(option, "set");
        try
        {
            set(this, value);
        }
        catch (Exception exception) when (NetMQErrors.IsFailure(exception))
        {
            throw exception.Translate($"Setting {option.Name} of {this} to {value}");
        }
    }

    /// <inheritdoc/>
    protected internal override byte[] GetBytes(SocketOption option)
    {
        Touch();
        return Read(ByteOptions.Of(option.Id)?.Get, option);
    }

    /// <inheritdoc/>
    protected internal override void SetBytes(SocketOption option, ReadOnlySpan<byte> value)
    {
        Touch();
        Action<NetMQSocketAdapter, byte[]> set = ByteOptions.Of(option.Id)?.Set ?? throw Missing(option, "set");
        try
        {
            set(this, value.ToArray());
        }
        catch (Exception exception) when (NetMQErrors.IsFailure(exception))
        {
            throw exception.Translate($"Setting {option.Name} of {this}");
        }
    }

    private T Read<T>(Func<NetMQSocketAdapter, T>? get, SocketOption option)
    {
        if (get is null) throw Missing(option, "read");
        try
        {
            return get(this);
        }
        catch (Exception exception) when (NetMQErrors.IsFailure(exception))
        {
            throw exception.Translate($"Reading {option.Name} of {this}");
        }
    }

    private static ZMQException Missing(SocketOption option, string what) =>
        new(ZMQErrorCode.NotSupported, 0, "ENOTSUP", $"{option.Name} cannot be {what} with NetMQ (ENOTSUP).");

    /// <summary>An option of NetMQ's by libzmq's number; either side may be missing.</summary>
    private sealed record Entry<T>(Func<NetMQSocketAdapter, T>? Get, Action<NetMQSocketAdapter, T>? Set);
}
