using ZmqLoop.Streams;

namespace ZmqLoop.Dashboard;

/// <summary>What is seen, as text and numbers to show.</summary>
internal static class ObjectText
{
    /// <summary>What names a callback or a context may be the user's code, and throw.</summary>
    public static string Of(object shown)
    {
        try
        {
            return shown.ToString() ?? "";
        }
        catch (Exception exception)
        {
            return $"{shown.GetType().Name}, whose ToString threw {exception.GetType().Name}";
        }
    }

    /// <summary>A callback; of a stream's without what the stream counts, which is shown elsewhere.</summary>
    public static string Of(CallbackOrigin origin) => origin.Owner is ZMQStream stream
        ? $"{Of((object)(origin with { Owner = null }))} of {stream.Name ?? TypeOf(stream.Socket)}" : Of((object)origin);

    /// <summary>As ZeroMQ writes it.</summary>
    public static string TypeOf(ZMQSocket socket) => socket.Type.ToString().ToUpperInvariant();

    /// <summary>Seconds.</summary>
    public static double? Rounded(TimeSpan? span, int digits) => span is { } time ? Math.Round(time.TotalSeconds, digits) : null;
}
