using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ZmqLoop.Streams;

/// <summary>Values instead of frames: the last frame of a message is the value, as <see cref="ZMQStreamOptions.Serializer"/> or a JSON
/// contract reads and writes it; what stands before it (an envelope, a topic) is the caller's.</summary>
/// <remarks>What cannot be read goes the way of a callback's exception, as a <see cref="MessageFormatException"/>: to its contexts, then to
/// the loop's reporter, and the stream does what its <see cref="ZMQStreamOptions.ErrorPolicy"/> says.</remarks>
public static class TypedStreamExtensions
{
    /// <summary>Gives each received value to a callback. <see cref="ZMQStream.OnRecv(Action{Message}?, bool)"/>.</summary>
    /// <param name="stream">Has a <see cref="ZMQStreamOptions.Serializer"/>.</param>
    /// <param name="callback">Called on the loop, in the contexts in force now.</param>
    /// <exception cref="InvalidOperationException">The stream has no serializer.</exception>
    public static void OnRecv<T>(this ZMQStream stream, Action<T> callback) => OnRecv(stream, callback, ReaderOf<T>(stream));

    /// <summary>As <see cref="OnRecv{T}(ZMQStream, Action{T})"/>, with the message that the value came in, for its envelope.</summary>
    /// <inheritdoc cref="OnRecv{T}(ZMQStream, Action{T})"/>
    public static void OnRecv<T>(this ZMQStream stream, Action<T, Message> callback) => OnRecv(stream, callback, ReaderOf<T>(stream));

    /// <summary>As <see cref="OnRecv{T}(ZMQStream, Action{T})"/>, for an async callback; see
    /// <see cref="ZMQStream.OnRecv(Func{Message, CancellationToken, Task}, bool)"/>.</summary>
    /// <inheritdoc cref="OnRecv{T}(ZMQStream, Action{T})"/>
    public static void OnRecv<T>(this ZMQStream stream, Func<T, Message, CancellationToken, Task> callback) =>
        OnRecv(stream, callback, ReaderOf<T>(stream));

    /// <summary>As <see cref="OnRecv{T}(ZMQStream, Action{T})"/>, by a source-generated JSON contract.</summary>
    /// <param name="stream">Needs no serializer.</param>
    /// <param name="callback">Called on the loop, in the contexts in force now.</param>
    /// <param name="type">The contract.</param>
    public static void OnRecv<T>(this ZMQStream stream, Action<T> callback, JsonTypeInfo<T> type) =>
        OnRecv(stream, callback, TypedFrame.ReaderOf(type));

    /// <summary>As <see cref="OnRecv{T}(ZMQStream, Action{T}, JsonTypeInfo{T})"/>, with the message.</summary>
    /// <inheritdoc cref="OnRecv{T}(ZMQStream, Action{T}, JsonTypeInfo{T})"/>
    public static void OnRecv<T>(this ZMQStream stream, Action<T, Message> callback, JsonTypeInfo<T> type) =>
        OnRecv(stream, callback, TypedFrame.ReaderOf(type));

    /// <summary>As <see cref="OnRecv{T}(ZMQStream, Action{T}, JsonTypeInfo{T})"/>, for an async callback.</summary>
    /// <inheritdoc cref="OnRecv{T}(ZMQStream, Action{T}, JsonTypeInfo{T})"/>
    public static void OnRecv<T>(this ZMQStream stream, Func<T, Message, CancellationToken, Task> callback, JsonTypeInfo<T> type) =>
        OnRecv(stream, callback, TypedFrame.ReaderOf(type));

    /// <summary>Queues a message of one frame, the value. Any thread. As <see cref="ZMQStream.SendObject"/>; text, bytes, frames and
    /// messages are sent as they are, by the members of that name.</summary>
    /// <exception cref="InvalidOperationException">The stream has no serializer.</exception>
    /// <inheritdoc cref="ZMQStream.Send(Message, Action{Message, Exception?})"/>
    public static void Send<T>(this ZMQStream stream, T value, Action<Message, Exception?>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.SendObject(value, callback);
    }

    /// <summary>Queues a message of two frames, a topic and the value, as <see cref="ZMQStreamOptions.Serializer"/> writes it. Any thread.
    /// A subscriber reads it by <see cref="OnRecv{T}(ZMQStream, Action{T, Message})"/>, where the topic is <c>message[0]</c>.</summary>
    /// <param name="stream">A PUB's or XPUB's, and has a <see cref="ZMQStreamOptions.Serializer"/>.</param>
    /// <param name="topic">Text or bytes; who subscribes to its beginning hears of it.</param>
    /// <param name="value">What is published.</param>
    /// <param name="callback">As <see cref="ZMQStream.Send(Message, Action{Message, Exception?})"/>'s.</param>
    /// <exception cref="InvalidOperationException">The stream has no serializer.</exception>
    /// <inheritdoc cref="ZMQStream.Send(Message, Action{Message, Exception?})" path="/exception"/>
    public static void Publish<T>(this ZMQStream stream, Frame topic, T value, Action<Message, Exception?>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Send(new Message(topic, TypedFrame.Write(value, stream.Serializer)), callback);
    }

    /// <summary>Queues a value as JSON, without a contract. Any thread.</summary>
    /// <inheritdoc cref="ZMQStream.Send(Message, Action{Message, Exception?})"/>
    [RequiresUnreferencedCode(JsonFrameSerializer.Reflection)]
    [RequiresDynamicCode(JsonFrameSerializer.Reflection)]
    public static void SendJson<T>(this ZMQStream stream, T value, Action<Message, Exception?>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Send(Frame.Own(JsonSerializer.SerializeToUtf8Bytes(value)), callback);
    }

    private static void OnRecv<T>(ZMQStream stream, Action<T> callback, Func<ReadOnlySpan<byte>, T?> reader)
    {
        ArgumentNullException.ThrowIfNull(callback);
        stream.OnRecv(message => callback(Read(stream, message, reader)), callback, copy: false); // nobody keeps the message
    }

    private static void OnRecv<T>(ZMQStream stream, Action<T, Message> callback, Func<ReadOnlySpan<byte>, T?> reader)
    {
        ArgumentNullException.ThrowIfNull(callback);
        stream.OnRecv(message => callback(Read(stream, message, reader), message), callback, copy: true);
    }

    private static void OnRecv<T>(ZMQStream stream, Func<T, Message, CancellationToken, Task> callback, Func<ReadOnlySpan<byte>, T?> reader)
    {
        ArgumentNullException.ThrowIfNull(callback);
        stream.OnRecv((message, closing) => callback(Read(stream, message, reader), message, closing));
    }

    private static T Read<T>(ZMQStream stream, Message message, Func<ReadOnlySpan<byte>, T?> reader) =>
        TypedFrame.Read(message[^1], reader, () => PeerOf(stream, message));

    private static Func<ReadOnlySpan<byte>, T?> ReaderOf<T>(ZMQStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.Serializer.Deserialize<T>;
    }

    /// <summary>The routing id, of a ROUTER's message; the address, where the engine knows it.</summary>
    private static string? PeerOf(ZMQStream stream, Message message)
    {
        string? id = stream.Socket.Type is SocketType.Router or SocketType.Stream or SocketType.Server ? message[0].ToString() : null;
        _ = message[0].TryGetProperty("Peer-Address", out string? address);
        return id is null ? address : address is null ? id : $"{id} ({address})";
    }
}
