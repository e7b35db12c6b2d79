namespace ZmqLoop;

/// <summary>What a poller tells of a ZeroMQ socket besides what it is ready for; builders of streams find it as <c>IOEvents.Activity</c>
/// in <see cref="LowLevel"/>.</summary>
internal static class SocketActivity
{
    /// <summary>The bit, among <see cref="IOEvents"/>.</summary>
    public const IOEvents Bit = (IOEvents)32;

    /// <summary>How often it is reported where the library gives no sign that can be waited for.</summary>
    public const int Milliseconds = 5;
}
