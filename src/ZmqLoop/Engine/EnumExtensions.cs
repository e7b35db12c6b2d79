using System.Runtime.CompilerServices;

namespace ZmqLoop.LowLevel;

/// <summary>Refusing numbers that were made into values of an enumeration, and mean nothing there.</summary>
public static class EnumExtensions
{
    private const IOEvents AllEvents = IOEvents.Read | IOEvents.Write | IOEvents.Error | SocketActivity.Bit;

    extension(ArgumentOutOfRangeException)
    {
        /// <summary>Throws where a value is none of those that have names.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is none; the message has their names.</exception>
        public static void ThrowIfUndefined<T>(T value, [CallerArgumentExpression(nameof(value))] string? paramName = null)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(
                    paramName, value, $"No such {typeof(T).Name}: {string.Join(", ", Enum.GetNames<T>())}.");
            }
        }

        /// <summary>Throws where bits are set that no event has.</summary>
        /// <exception cref="ArgumentOutOfRangeException">There are such bits.</exception>
        public static void ThrowIfUndefined(IOEvents events, [CallerArgumentExpression(nameof(events))] string? paramName = null)
        {
            if ((events & ~AllEvents) != 0)
            {
                throw new ArgumentOutOfRangeException(
                    paramName, events, "No such events: combine Read (1), Write (4) and Error (8 and 16).");
            }
        }

        /// <inheritdoc cref="ThrowIfUndefined(IOEvents, string?)"/>
        public static void ThrowIfUndefined(ZMQSocketEvents events, [CallerArgumentExpression(nameof(events))] string? paramName = null)
        {
            if ((events & ~ZMQSocketEvents.All) != 0)
                throw new ArgumentOutOfRangeException(paramName, events, "No such events: combine those of ZMQSocketEvents, or take All.");
        }
    }
}
