using System.Diagnostics.CodeAnalysis;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>An engine of which only identity and closing matter here.</summary>
internal sealed class ScriptedEngine : ZMQEngine
{
    public override string Name => "scripted";

    public ScriptedPoller? LastPoller { get; private set; }

    public override ZMQSocket CreateSocket(SocketType type) => new ScriptedSocket(this);

    public override IPoller CreatePoller() => LastPoller = new ScriptedPoller(new ManualTimeProvider());

    protected override void Dispose(bool disposing)
    {
    }
}

internal sealed class ScriptedSocket(ScriptedEngine engine) : ZMQSocket(SocketType.Pair)
{
    private bool _closed;

    public bool FailClose { get; init; }

    public Action? OnClose { get; set; }

    public override ZMQEngine Engine => engine;

    public override bool IsClosed => _closed;

    public override IOEvents Events => IOEvents.None;

    public override void Bind(string endpoint) => throw new NotSupportedException();

    public override void Connect(string endpoint) => throw new NotSupportedException();

    public override void Unbind(string endpoint) => throw new NotSupportedException();

    public override void Disconnect(string endpoint) => throw new NotSupportedException();

    public override bool TrySend(Message message) => throw new NotSupportedException();

    public override bool TryReceive([NotNullWhen(true)] out Message? message) => throw new NotSupportedException();

    public override bool TryReceive(Message message) => throw new NotSupportedException();

    public override void Close(TimeSpan? linger)
    {
        if (_closed) return;
        _closed = true;
        OnClose?.Invoke();
        if (FailClose) throw new InvalidOperationException("cannot close");
    }

    protected internal override long GetInteger(SocketOption option, int size) => throw new NotSupportedException();

    protected internal override void SetInteger(SocketOption option, long value, int size) => throw new NotSupportedException();

    protected internal override byte[] GetBytes(SocketOption option) => throw new NotSupportedException();

    protected internal override void SetBytes(SocketOption option, ReadOnlySpan<byte> value) => throw new NotSupportedException();
}
