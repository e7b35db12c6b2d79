namespace ZmqLoop.Tool.Running;

/// <summary>Messages of one direction, counted.</summary>
internal sealed class MessageCounter
{
    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    public void Add(Message message)
    {
        Messages++;
        Bytes += message.Size;
    }
}
