using System.Buffers;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed unsafe partial class LibZmqSocket
{
    private const int ShortValue = 256;     // routing ids and most endpoints
    private const int LongValue = 8192;

    private bool _conflates;
    private bool _authenticates; // so that copies are told who sent them
    private string[] _keptProperties = []; // what else copies are told, as the user wishes
    private string[]? _tellsCopies; // both; null for nothing, as is usual

    /// <inheritdoc/>
    public override bool Conflate { get => _conflates; set => base.Conflate = value; }

    /// <inheritdoc/>
    public override bool AskingTakesMessage => _conflates && Type == SocketType.Sub;

    /// <inheritdoc/>
    public override IReadOnlyList<string> KeptProperties
    {
        get
        {
            Touch();
            return [.. _keptProperties];
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Touch();
            string[] names = [.. value];
            if (names.Any(string.IsNullOrEmpty)) throw new ArgumentException("A property without a name cannot be kept.", nameof(value));
            _keptProperties = names;
            TellCopies();
        }
    }

    /// <inheritdoc/>
    protected internal override long GetInteger(SocketOption option, int size)
    {
        Touch();
        long value = 0;
        nuint length = (nuint)size;
        while (Libzmq.zmq_getsockopt(_handle, option.Id, &value, &length) != 0)
        {
            if (!Errors.WasInterrupted(out int number)) throw number.ToException($"Reading {option.Name} of {this}");
        }

        return length == sizeof(int) ? *(int*)&value : value;
    }

    /// <inheritdoc/>
    protected internal override void SetInteger(SocketOption option, long value, int size)
    {
        Touch();
        int narrow = unchecked((int)value);
        void* bytes = size == sizeof(int) ? &narrow : &value;
        if (Libzmq.zmq_setsockopt(_handle, option.Id, bytes, (nuint)size) != 0)
            throw Errors.Last().ToException($"Setting {option.Name} of {this} to {value}");
        if (value != 0 && IsServerOption(option)) Authenticate();
        if (option != ZMQSocketOptions.Conflate) return;
        _conflates = value != 0;
        if (Watch is { } watch) watch.Poller.Modify(watch.Source, watch.Interest); // it may have to be watched in another way
    }

    /// <inheritdoc/>
    protected internal override byte[] GetBytes(SocketOption option)
    {
        Touch();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LongValue);
        try
        {
            // Keys have one length and no other will do; for the rest, too short a buffer is EINVAL.
            int length = option.FixedLength > 0 ? Read(option, buffer, option.FixedLength) : Read(option, buffer, ShortValue);
            if (length < 0 && option.FixedLength == 0) length = Read(option, buffer, LongValue);
            if (length < 0) throw (-length).ToException($"Reading {option.Name} of {this}");
            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            Array.Clear(buffer, 0, ShortValue); // it may have been a secret
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    protected internal override void SetBytes(SocketOption option, ReadOnlySpan<byte> value)
    {
        Touch();
        fixed (byte* bytes = value)
        {
            if (Libzmq.zmq_setsockopt(_handle, option.Id, bytes, (nuint)value.Length) != 0)
                throw Errors.Last().ToException($"Setting {option.Name} of {this}");
        }

        if (option == ZMQSocketOptions.ZapDomain && value.Length > 0) Authenticate();
    }

    /// <summary>Else libzmq looks for subscriptions in every frame of a message, and one that is there already is not told: the message
    /// has no end then, and the next one's frames, whoever sent them, are taken for it. A libzmq that is too old for it stays as it
    /// is.</summary>
    private void TakeSubscriptionsOfFirstFrames()
    {
        int yes = 1;
        _ = Libzmq.zmq_setsockopt(_handle, Libzmq.ZMQ_ONLY_FIRST_SUBSCRIBE, &yes, sizeof(int));
    }

    private static bool IsServerOption(SocketOption option) =>
        option == ZMQSocketOptions.PlainServer || option == ZMQSocketOptions.CurveServer || option == ZMQSocketOptions.GssapiServer;

    private void Authenticate()
    {
        _authenticates = true;
        TellCopies();
    }

    private void TellCopies()
    {
        if (_authenticates) _tellsCopies = [Message.UserIdProperty, .. _keptProperties];
        else _tellsCopies = _keptProperties.Length > 0 ? _keptProperties : null;
    }

    private int Read(SocketOption option, byte[] buffer, int capacity)
    {
        nuint length = (nuint)capacity;
        fixed (byte* bytes = buffer)
        {
            return Libzmq.zmq_getsockopt(_handle, option.Id, bytes, &length) == 0 ? (int)length : -Errors.Last();
        }
    }
}
