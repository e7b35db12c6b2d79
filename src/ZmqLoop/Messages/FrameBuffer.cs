using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.LowLevel;

/// <summary>Memory of the engine that holds one received frame: what a borrowed <see cref="Frame"/> looks into. For engines.</summary>
/// <remarks>
/// <para>A span keeps no native memory alive. So the memory itself is shown to one thread only, and only while something holds it for that
/// thread: a stream that calls back, or
/// <see cref="Message.Borrow"/>. Whoever else looks gets a copy, which the garbage collector keeps for as long as a span refers to it; in
/// the middle of a receive callback whose message
/// was not kept, where the loop's thread fills and releases without a lock, it gets an error instead.</para>
/// <para>Pooled with the <see cref="Message"/> that it was received into: frames that still point to what was there before throw <see
/// cref="ObjectDisposedException"/>.</para>
/// </remarks>
public abstract class FrameBuffer
{
    private byte[]? _copy; // of what is here now, once somebody looked who does not borrow it
    private int _gate; // 1 while somebody is at what is here
    private int _borrower; // the thread that sees the memory itself; 0: none
    private bool _shared; // the others may look meanwhile, or let go of it
    private bool _forgotten; // while it was borrowed and shared: released when that ends

    /// <summary>Counts how often the bytes were let go of, so that a frame kept too long is found out.</summary>
    internal int Version { get; private set; }

    /// <summary>The bytes, valid until <see cref="Release"/>.</summary>
    protected internal abstract ReadOnlySpan<byte> Span { get; }

    /// <summary>False where the engine knows nothing of its connections, and <see cref="GetProperty"/> throws.</summary>
    internal virtual bool KnowsConnection => true;

    /// <summary>What the engine knows of the connection that the frame came by; null where it knows nothing of that name.</summary>
    internal virtual string? GetProperty(string name) => null;

    /// <summary>Puts the same bytes into <paramref name="target"/>, or into a new buffer, without copying them where the engine
    /// can.</summary>
    /// <param name="target">An empty buffer to use; one of another engine is ignored.</param>
    protected internal abstract FrameBuffer Share(FrameBuffer? target);

    /// <summary>Gives the bytes back to the engine; the buffer is empty afterwards and can be filled again.</summary>
    protected internal abstract void Release();

    /// <summary>From now on what is here lives as long as somebody holds a message with it: an engine whose memory the garbage collector
    /// does not see tells it.</summary>
    internal virtual void BecameOwned()
    {
    }

    /// <summary>It was filled, for this thread to borrow, or, where that is 0, for whoever has the message.</summary>
    internal void FilledFor(int borrower)
    {
        _borrower = borrower;
        if (borrower == 0) BecameOwned();
    }

    /// <summary>True where this thread may look.</summary>
    internal bool IsReadable(int version) =>
        Version == version && (_shared || _borrower == 0 || _borrower == Environment.CurrentManagedThreadId);

    /// <summary>The memory itself for the thread that borrows it, a copy for others.</summary>
    internal ReadOnlySpan<byte> Look(int version)
    {
        if (Version != version) ThrowReleased();
        return _borrower == Environment.CurrentManagedThreadId ? Span : CopyOf(version);
    }

    /// <summary>Until <see cref="Exit"/> nobody lets go of what is here, or fills it.</summary>
    /// <returns>True where <see cref="Exit"/> is to be called; this thread borrows it otherwise.</returns>
    internal bool Enter(int version)
    {
        if (_borrower == Environment.CurrentManagedThreadId)
        {
            if (Version != version) ThrowReleased();
            return false;
        }

        Lock();
        bool released = Version != version;
        if (!released && (_borrower == 0 || _shared)) return true;
        Exit();
        if (released) ThrowReleased();
        ThrowBorrowed();
        return false;
    }

    internal void Exit() => Volatile.Write(ref _gate, 0);

    /// <summary>Nobody sees the bytes from now on, but those who see them already.</summary>
    /// <returns>True where the caller is to release the buffer, or to fill it anew.</returns>
    internal bool Forget(int version)
    {
        if (_borrower == Environment.CurrentManagedThreadId && !_shared)
        {
            if (Version != version) return false;
            Version++;
            return true;
        }

        Lock();
        bool mine = Version == version && (_borrower == 0 || _shared);
        if (mine)
        {
            Version++;
            _copy = null;
            if (_borrower != 0) (_forgotten, mine) = (true, false);
        }

        Exit();
        return mine;
    }

    /// <summary>True where this thread, which is not asked who it is, borrows what is here, and no other may look.</summary>
    internal bool IsBorrowedAlone(int thread, int version) => _borrower == thread && !_shared && Version == version;

    /// <summary>As <see cref="Forget"/>, of what <see cref="IsBorrowedAlone"/>.</summary>
    internal void ForgetBorrowed() => Version++;

    /// <summary>This thread borrows what is here, which the others may look at or let go of meanwhile; <see cref="Return"/> ends
    /// that.</summary>
    /// <returns>False where it does already, or another one does, or it was released.</returns>
    internal bool TryBorrow(int version)
    {
        Lock();
        bool free = Version == version && _borrower == 0;
        if (free) (_borrower, _shared) = (Environment.CurrentManagedThreadId, true);
        Exit();
        return free;
    }

    /// <summary>The others may look at what this thread borrows, or let go of it, until <see cref="Return"/>.</summary>
    internal void ShareLoan() => _shared = true;

    /// <summary>This thread does not borrow it any more: no span of the memory is left.</summary>
    internal void Return()
    {
        Lock();
        bool forgotten = _forgotten;
        (_borrower, _shared, _forgotten) = (0, false, false);
        if (!forgotten) BecameOwned();
        Exit();
        if (forgotten) Release();
    }

    private byte[] CopyOf(int version)
    {
        bool entered = Enter(version);
        try
        {
            return _copy ??= Span.ToArray();
        }
        finally
        {
            if (entered) Exit();
        }
    }

    // A few instructions long, but for the copies.
    private void Lock()
    {
        if (Interlocked.CompareExchange(ref _gate, 1, 0) == 0) return;
        SpinWait spin = default;
        do spin.SpinOnce();
        while (Interlocked.CompareExchange(ref _gate, 1, 0) != 0);
    }

    [DoesNotReturn]
    internal static void ThrowReleased() => throw new ObjectDisposedException(
        nameof(Frame), "This frame was borrowed from the engine and its message has been released: "
            + "take ToArray() or Message.Keep() before the callback returns.");

    [DoesNotReturn]
    internal static void ThrowBorrowed() => throw new InvalidOperationException(
        "This message is borrowed, and only the thread that its callback runs on may use it: "
        + "take ToArray() or Message.Keep() there, before another thread reads it.");
}
