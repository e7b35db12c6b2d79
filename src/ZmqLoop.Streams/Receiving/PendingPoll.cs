namespace ZmqLoop.Streams;

/// <summary>Somebody waits until something is possible.</summary>
internal sealed class PendingPoll(IOEvents events) : Pending<IOEvents>
{
    public IOEvents Events => events;
}
