using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ZmqLoop.Streams;

/// <summary>Values to frames and back, with errors that say whose frame it was and what is in it.</summary>
internal static class TypedFrame
{
    /// <summary>Writes a value.</summary>
    public static Frame Write<T>(T value, IFrameSerializer serializer) => Frame.Write(
        (Serializer: serializer, Value: value), static (state, target) => state.Serializer.Serialize(state.Value, target));

    /// <summary>How a JSON contract reads a value.</summary>
    public static Func<ReadOnlySpan<byte>, T?> ReaderOf<T>(
        JsonTypeInfo<T> type, [CallerArgumentExpression(nameof(type))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(type, parameter);
        return bytes => JsonFrameSerializer.Deserialize(bytes, type);
    }

    /// <summary>Reads a value.</summary>
    /// <param name="frame">What to read; null where the message has none.</param>
    /// <param name="read">How.</param>
    /// <param name="peer">Who sent it; asked where it cannot be read.</param>
    /// <param name="isAnswer">To a client's request.</param>
    /// <exception cref="MessageFormatException">It is no such value.</exception>
    public static T Read<T>(Frame? frame, Func<ReadOnlySpan<byte>, T?> read, Func<string?> peer, bool isAnswer = false)
    {
        if (frame is not { } bytes) throw Error("has no frame for a value", null);
        T? value;
        try
        {
            value = read(bytes.Span);
        }
        catch (Exception exception) when (exception is not NotSupportedException)
        {
            throw Error($"has {bytes.Length} bytes: {bytes}", exception);
        }

        return value ?? throw Error($"has null: {bytes}", null);

        MessageFormatException Error(string what, Exception? cause)
        {
            string? sender = peer();
            string from = sender is null ? "" : $"from {sender} ";
            return new($"No {typeof(T).Name} can be read: the message {from}{what}{(cause is null ? "" : $". {cause.Message}")}", cause)
            {
                Peer = sender,
                IsOfAnswer = isAnswer,
                Found = cause is JsonException { Path.Length: > 0 } json ? $"{what} ({EscapedText.Show(json.Path)})" : what,
            };
        }
    }
}
