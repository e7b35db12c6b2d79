namespace ZmqLoop;

/// <summary>Milliseconds in an int; -1 is for ever, <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
internal sealed class DurationOption(int id, string name) : SocketOption<TimeSpan>(id, name)
{
    internal override TimeSpan Read(ZMQSocket socket)
    {
        long value = socket.GetInteger(this, sizeof(int));
        return value < 0 ? Timeout.InfiniteTimeSpan : new TimeSpan(value * TimeSpan.TicksPerMillisecond);
    }

    internal override void Write(ZMQSocket socket, TimeSpan value) =>
        socket.SetInteger(this, ToMilliseconds(value, nameof(value)), sizeof(int));

    /// <summary>Throws where the option cannot hold it, in the parameter's name.</summary>
    internal long ToMilliseconds(TimeSpan value, string parameter)
    {
        (long milliseconds, long rest) = Math.DivRem(value.Ticks, TimeSpan.TicksPerMillisecond);
        if (rest > 0) milliseconds++;
        if (milliseconds > int.MaxValue || (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan))
            throw new ArgumentOutOfRangeException(parameter, value,
                $"{Name} takes 0 to {int.MaxValue} milliseconds, or Timeout.InfiniteTimeSpan.");
        return milliseconds;
    }
}
