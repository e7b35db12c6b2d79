using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

// Whose the frames' memory is, and until when.
public sealed partial class Message
{
    private const int Large = 1 << 16; // bytes that do not wait for the next receive

    private SpareBuffer[] _spare = []; // emptied buffers, for the next receive into this message
    private int _refillable; // up to here, the frames from _count on are over, and their buffers still in place to be received into
    private FrameBuffer?[] _lent = []; // what the callback's thread may be looking at, though the message is somebody else's already
    private int _lentCount;
    private int _spares;
    private int _borrower; // the callback's thread, while the message is a stream's
    private volatile MessageState _state;

    /// <summary>True if <see cref="Keep"/> was called: the message and its memory are yours.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Makes a borrowed message yours: its frames stay valid until you dispose of it, and any thread may use it from now on, one
    /// at a time. Owned messages need no keeping.</summary>
    /// <returns>This message.</returns>
    /// <remarks>Nothing is copied by that. Once the callback has returned, the first look at a frame copies it (so that disposing never
    /// takes memory from under a span); to read it without
    /// a copy use <see cref="Borrow(Action{Message})"/>.</remarks>
    /// <exception cref="ObjectDisposedException">The callback that borrowed the message has returned.</exception>
    /// <exception cref="InvalidOperationException">The callback runs on another thread.</exception>
    public Message Keep()
    {
        VerifyMine();
        ShareLoan();
        IsKept = true;
        return this;
    }

    /// <summary>Calls <paramref name="read"/> at once; until it returns this thread looks at the engine's memory itself, without a copy, as
    /// a callback with <c>copy: false</c> does.</summary>
    /// <remarks>What is disposed of meanwhile is let go of at the end. Other threads get copies meanwhile.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="read"/> is null.</exception>
    public void Borrow(Action<Message> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        Borrow(read, static (read, message) => read(message));
    }

    /// <summary>As <see cref="Borrow(Action{Message})"/>, with an argument instead of a closure.</summary>
    public void Borrow<TState>(TState state, Action<TState, Message> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        VerifyMine();
        List<FrameBuffer>? borrowed = BorrowFrames();
        try
        {
            read(state, this);
        }
        finally
        {
            if (borrowed is not null) ReturnFrames(borrowed);
        }
    }

    /// <summary>Makes this message equal to another: owned frames are shared, since nobody changes them; borrowed frames are shared
    /// with the engine's help, without copying bytes where it can. What is known beside them goes with them: the
    /// <see cref="EnvelopeFormat"/> and <see cref="UserId"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">A borrowed frame of <paramref name="other"/> was released already.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="other"/> belongs to a callback on another thread.</exception>
    public void CopyFrom(Message other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other)) return;
        VerifyMine();
        Clear();
        foreach (Frame frame in other.Frames)
        {
            if (!frame.IsBorrowed)
            {
                Add(frame);
                continue;
            }

            using FramePin pin = frame.Pin();
            Append(pin.Buffer!.Share(TakeSpareBuffer()), frame.Length);
        }

        (_format, _request, _userId, IsAuthenticated) = (other._format, other._request, other._userId, other.IsAuthenticated);
        _trace = other._trace;
    }

    /// <summary>Removes the frames; what was borrowed goes back to the engine, and frames still held by somebody become unreadable. Nothing
    /// happens to a message whose callback has returned.</summary>
    /// <exception cref="InvalidOperationException">The message belongs to a callback on another thread.</exception>
    public void Clear()
    {
        if (_state == MessageState.Over) return;
        VerifyMine();
        ShareLoan(); // a span of it may be in use further up
        ForgetFrames();
    }

    /// <summary>The same as <see cref="Clear"/>. Twice is fine. Nothing happens to a message that belongs to a callback on another
    /// thread.</summary>
    public void Dispose()
    {
        if (_borrower == 0 || _borrower == Environment.CurrentManagedThreadId) Clear();
    }

    /// <summary>See <see cref="LowLevel.MessageExtensions"/>, as for the next three.</summary>
    internal long RequestNumber { get => _request; set => _request = value; }

    internal FrameBuffer? TakeSpareBuffer()
    {
        if (_count < _refillable) return Room[_count].Buffer;
        if (_spares == 0) return null;
        return Interlocked.Exchange(ref _spare[--_spares].Buffer, null); // there ought to be one thread, and two do not get the same
    }

    internal void AddSpareBuffer(FrameBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.Release();
        if (_count < _refillable && ReferenceEquals(Room[_count].Buffer, buffer)) return; // it has not left its place
        if (_spares == _spare.Length) Array.Resize(ref _spare, Math.Max(2, _spares * 2));
        _spare[_spares++].Buffer = buffer;
    }

    internal void Append(FrameBuffer buffer, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.FilledFor(_borrower);
        Put(buffer, length);
    }

    /// <summary>See <see cref="LowLevel.MessageExtensions"/>, as for the next.</summary>
    internal void RemoveLast()
    {
        VerifyMine();
        if (_count == 0) ThrowNoSuchFrame(-1);
        TakeRefillable();
        ref Frame last = ref Room[_count - 1];
        Frame removed = last;
        last = default;
        _count--;
        if (removed.Buffer is { } buffer && buffer.Forget(removed.Version)) AddSpareBuffer(buffer);
    }

    internal void SetTraceContext(ActivityContext context) => _trace = context;

    /// <summary>Adds a frame whose bytes are in memory that the garbage collector knows.</summary>
    internal void AppendLent(FrameBuffer buffer, int length)
    {
        VerifyMine();
        Add(new Frame(buffer, length));
    }

    /// <summary>Forgets the frames, to receive others.</summary>
    /// <returns>A buffer for <see cref="Refill"/>, or for <see cref="AddSpareBuffer"/>, which is the caller's; null where the first frame
    /// had none.</returns>
    internal FrameBuffer? BeginReceive()
    {
        if (_state == MessageState.Filling)
        {
            _state = MessageState.Receiving;
            return _refillable > 0 ? Room[0].Buffer : null;
        }

        VerifyMine();
        ShareLoan();
        ForgetFacts();
        if (_count != 1) return null;
        TakeRefillable();
        Frame only = Room[0];
        Room[0] = default;
        _count = 0;
        return only.Buffer is { } buffer && buffer.Forget(only.Version) ? buffer : null;
    }

    /// <summary>The buffer that <see cref="BeginReceive"/> gave was received into, and is the first frame's.</summary>
    internal void Refill(FrameBuffer buffer, int length)
    {
        buffer.FilledFor(_borrower);
        Put(buffer, length);
    }

    /// <summary>This thread looks at the memory itself, and the others at copies, until <see cref="ReturnFrames"/>.</summary>
    /// <returns>What it borrows now and did not before; null where no frame is a borrowed one.</returns>
    internal List<FrameBuffer>? BorrowFrames()
    {
        List<FrameBuffer>? borrowed = null;
        foreach (Frame frame in Frames)
        {
            if (frame.Buffer is not { } buffer) continue;
            borrowed ??= [];
            if (buffer.TryBorrow(frame.Version)) borrowed.Add(buffer);
        }

        return borrowed;
    }

    internal static void ReturnFrames(List<FrameBuffer> borrowed)
    {
        foreach (FrameBuffer buffer in borrowed) buffer.Return();
    }

    /// <summary>A stream's message from now on, to be received into and lent to a callback on this thread.</summary>
    internal void BeginFilling(int thread)
    {
        _borrower = thread;
        _state = MessageState.Filling;
        IsKept = false;
        _format = null; // one that a callback said is not the next message's
        _request = 0;
        _trace = null;
    }

    /// <summary>It was received into, and goes to a callback.</summary>
    /// <param name="shared">True where other threads may look at it from the first moment, since the callback is async.</param>
    internal void BeginLoan(bool shared)
    {
        _state = MessageState.Lent;
        if (shared) ShareLoan();
    }

    /// <summary>Nothing was received into it.</summary>
    internal void EndFilling()
    {
        if (_state is MessageState.Filling or MessageState.Receiving) _state = MessageState.Over;
    }

    /// <summary>The callback has returned: the message is over, if it was not kept. What a next receive lets go of anyway is left to that,
    /// or to <see cref="Release"/>.</summary>
    /// <returns>False where it was kept.</returns>
    internal bool EndLoan()
    {
        if (_state != MessageState.Lent || !ForgetLent()) return EndLoanOfOthers();
        _state = MessageState.Over;
        return true;
    }

    /// <summary>An async callback was called, and has not ended: the message is its own until then.</summary>
    internal void EndLoanToAsync() => ReturnLent();

    /// <summary>Gives back to the engine what a message that is over still holds.</summary>
    internal void Release()
    {
        for (int i = _count; i < _refillable; i++) Room[i].Buffer?.Release();
    }

    /// <summary>Removes the frames, which were too many to keep their buffers for the next receive.</summary>
    internal void Trim()
    {
        Clear();
        (_spare, _spares, _frames, _only) = ([], 0, null, default);
    }

    /// <summary>Nobody may use it any more, and its memory goes back to the engine.</summary>
    internal void Expire()
    {
        Clear();
        _state = MessageState.Over;
    }

    /// <summary>Uses the memory of one that is over.</summary>
    internal void TakeOver(Message last) =>
        (_only, _frames, _refillable, _spare, _spares, last._only, last._frames, last._refillable, last._spare, last._spares) =
        (last._only, last._frames, last._refillable, last._spare, last._spares, _only, _frames, _refillable, _spare, _spares);

    private void ReturnLent()
    {
        while (_lentCount > 0)
        {
            ref FrameBuffer? buffer = ref _lent[--_lentCount];
            buffer!.Return();
            buffer = null;
        }
    }

    private void VerifyMine()
    {
        if (_state == MessageState.Owned) return;
        if (_state == MessageState.Over) ThrowOver();
        if (_borrower != Environment.CurrentManagedThreadId) FrameBuffer.ThrowBorrowed();
    }

    /// <summary>The message in a callback is anybody's from now on; what the callback's thread may be looking at is let go of when the
    /// callback has returned.</summary>
    private void ShareLoan()
    {
        if (_state != MessageState.Lent) return;
        if (_lent.Length < _count) _lent = new FrameBuffer?[_count];
        foreach (ref readonly Frame frame in Room[.._count])
        {
            if (frame.Buffer is not { } buffer) continue;
            buffer.ShareLoan();
            _lent[_lentCount++] = buffer;
        }

        _borrower = 0;
        _state = MessageState.Owned;
    }

    /// <summary>Most messages that were lent are as they were received: no other thread could look at them.</summary>
    /// <returns>False where it has frames of other kinds, too.</returns>
    private bool ForgetLent()
    {
        if (_count != 1) return ForgetAllLent();
        ref Frame only = ref First;
        if (only.Buffer is not { } buffer || !buffer.IsBorrowedAlone(_borrower, only.Version)) return false;
        buffer.ForgetBorrowed();
        if (only.Length > Large) buffer.Release();
        if (_refillable == 0) _refillable = 1;
        _count = 0;
        return true;
    }

    private bool ForgetAllLent()
    {
        Span<Frame> frames = Room[.._count];
        foreach (ref readonly Frame frame in frames)
        {
            if (frame.Buffer is not { } buffer || !buffer.IsBorrowedAlone(_borrower, frame.Version)) return false;
        }

        foreach (ref readonly Frame frame in frames)
        {
            frame.Buffer!.ForgetBorrowed();
            if (frame.Length > Large) frame.Buffer!.Release();
        }

        if (_refillable < _count) _refillable = _count;
        _count = 0;
        return true;
    }

    private bool EndLoanOfOthers()
    {
        if (_lentCount > 0) ReturnLent();
        if (IsKept) return false;
        ForgetFrames();
        _state = MessageState.Over;
        return true;
    }

    private void Put(FrameBuffer buffer, int length)
    {
        if (_count < _refillable && ReferenceEquals(Room[_count].Buffer, buffer)) Frame.Refill(ref Room[_count++], buffer, length);
        else Add(new Frame(buffer, length));
    }

    /// <summary>The buffers that wait in their places become spare ones.</summary>
    private void TakeRefillable()
    {
        int end = _refillable;
        _refillable = 0;
        for (int i = _count; i < end; i++)
        {
            FrameBuffer buffer = Room[i].Buffer!;
            Room[i] = default;
            AddSpareBuffer(buffer);
        }
    }

    private void ForgetFacts()
    {
        _request = 0;
        _userId = null;
        _trace = null;
    }

    private void ForgetFrames()
    {
        ForgetFacts();
        TakeRefillable();
        Span<Frame> frames = Room[.._count];
        _count = 0;
        foreach (ref Frame frame in frames)
        {
            Frame forgotten = frame;
            frame = default;
            if (forgotten.Buffer is { } buffer && buffer.Forget(forgotten.Version)) AddSpareBuffer(buffer);
        }
    }

    [DoesNotReturn]
    private static void ThrowOver() => throw new ObjectDisposedException(
        nameof(Message), "This message was borrowed from the engine, and its callback has returned: "
            + "take ToArray() or Message.Keep() before the callback returns.");

    // Array covariance makes each store into an array of a class check the object's type; an array of structs needs no such check.
    private struct SpareBuffer
    {
        public FrameBuffer? Buffer;
    }
}
