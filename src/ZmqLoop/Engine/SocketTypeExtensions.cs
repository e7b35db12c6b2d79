namespace ZmqLoop.LowLevel;

/// <summary>What types of sockets can do, for those who build streams and engines.</summary>
public static class SocketTypeExtensions
{
    extension(SocketType type)
    {
        /// <summary>True where a user never receives anything. (A PUB takes subscriptions, and keeps them to itself.)</summary>
        public bool OnlySends => type is SocketType.Pub or SocketType.Push or SocketType.Radio or SocketType.Scatter;

        /// <summary>True where a user never sends anything. (A SUB tells its subscriptions by itself.)</summary>
        public bool OnlyReceives => type is SocketType.Sub or SocketType.Pull or SocketType.Dish or SocketType.Gather;
    }
}
