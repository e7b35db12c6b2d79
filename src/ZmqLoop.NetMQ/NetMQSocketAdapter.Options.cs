using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class NetMQSocketAdapter
{
    // NetMQ takes the two halves together.
    private byte[]? _curvePublicKey;
    private byte[]? _curveSecretKey;

    /// <inheritdoc/>
    protected internal override long GetInteger(SocketOption option, int size)
    {
        Touch();
        return Read(NumberOptions.Of(option.Id), option);
    }

    /// <inheritdoc/>
    protected internal override void SetInteger(SocketOption option, long value, int size)
    {
        Touch();
        Entry<long>? entry = NumberOptions.Of(option.Id);
        Action<NetMQSocketAdapter, long> set = entry?.Set ?? throw Missing(option, entry is null ? null : "set");
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
        return Read(ByteOptions.Of(option.Id), option);
    }

    /// <inheritdoc/>
    protected internal override void SetBytes(SocketOption option, ReadOnlySpan<byte> value)
    {
        Touch();
        Entry<byte[]>? entry = ByteOptions.Of(option.Id);
        Action<NetMQSocketAdapter, byte[]> set = entry?.Set ?? throw Missing(option, entry is null ? null : "set");
        try
        {
            set(this, value.ToArray());
        }
        catch (Exception exception) when (NetMQErrors.IsFailure(exception))
        {
            throw exception.Translate($"Setting {option.Name} of {this}");
        }
    }

    private T Read<T>(Entry<T>? entry, SocketOption option)
    {
        Func<NetMQSocketAdapter, T> get = entry?.Get ?? throw Missing(option, entry is null ? null : "read");
        try
        {
            return get(this);
        }
        catch (Exception exception) when (NetMQErrors.IsFailure(exception))
        {
            throw exception.Translate($"Reading {option.Name} of {this}");
        }
    }

    /// <param name="option">The option that NetMQ has not, or only half.</param>
    /// <param name="half">What cannot be done with the half that it has.</param>
    private static ZMQException Missing(SocketOption option, string? half) => new(
        ZMQErrorCode.NotSupported, 0, "ENOTSUP", half is null
            ? $"NetMQ has no {option.Name}: where you need it, use the engine of ZmqLoop.LibZmq (ENOTSUP)."
            : $"{option.Name} cannot be {half} with NetMQ (ENOTSUP).");

    /// <summary>An option of NetMQ's by libzmq's number; either side may be missing.</summary>
    private sealed record Entry<T>(Func<NetMQSocketAdapter, T>? Get, Action<NetMQSocketAdapter, T>? Set);
}
