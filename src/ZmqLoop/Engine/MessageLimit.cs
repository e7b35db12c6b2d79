namespace ZmqLoop;

/// <summary>How large a message may be that a socket receives. Of a larger one the frames are read without being kept, a bounded number at
/// once, so that whoever receives it is not held up for as long as there are more. The socket's thread.</summary>
internal sealed class MessageLimit
{
    /// <summary>How many frames are thrown away at once: some milliseconds.</summary>
    public const int FramesAtOnce = 4096;

    private int _mostFrames = int.MaxValue;
    private long _mostBytes = long.MaxValue;
    private int _frames;
    private long _bytes;
    private string? _peer;
    private DroppedMessage? _dropped;
    private bool _isTold; // its receiver knows already that it gets none

    /// <summary>True while frames are to come of a message that is too large.</summary>
    public bool IsDropping { get; private set; }

    /// <summary>True where a receive that found no message did not find the socket empty either.</summary>
    public bool IsBusy => IsDropping || _dropped is not null;

    /// <summary>From now on; a message that is being dropped goes on being dropped.</summary>
    public void Set(int mostFrames, long mostBytes) => (_mostFrames, _mostBytes) = (mostFrames, mostBytes);

    public bool IsExceededBy(int frames, long bytes) => frames > _mostFrames || bytes > _mostBytes;

    /// <summary>A message is too large.</summary>
    /// <param name="frames">How many have come of it.</param>
    /// <param name="bytes">How many they have.</param>
    /// <param name="peer">Where it comes from, if that is known.</param>
    public void Begin(int frames, long bytes, string? peer)
    {
        (IsDropping, _isTold) = (true, false);
        (_frames, _bytes, _peer) = (frames, bytes, peer);
    }

    /// <summary>A message was given up in the middle, by an exception: its other frames are no message.</summary>
    public void BeginForgetting() => (IsDropping, _isTold) = (true, true);

    /// <summary>Another frame of it was thrown away.</summary>
    public void Add(long bytes)
    {
        _frames++;
        _bytes += bytes;
    }

    /// <summary>That was the last.</summary>
    public void End()
    {
        IsDropping = false;
        if (!_isTold) _dropped = new DroppedMessage(_frames, _bytes, _peer);
    }

    /// <summary>Tells of one that was dropped, once.</summary>
    public bool TryTakeDropped(out DroppedMessage dropped)
    {
        dropped = _dropped.GetValueOrDefault();
        if (_dropped is null) return false;
        _dropped = null;
        return true;
    }
}
