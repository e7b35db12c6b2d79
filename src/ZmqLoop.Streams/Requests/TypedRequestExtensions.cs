using System.Text.Json.Serialization.Metadata;

namespace ZmqLoop.Streams;

/// <summary>Requests and answers as values: one frame each, behind the name of the handler where there is one, as the serializer or JSON
/// contracts read and write them.</summary>
/// <remarks>An answer that cannot be read is a <see cref="MessageFormatException"/>. A request that cannot be is answered <see
/// cref="RemoteException.BadRequest"/> without its handler, with what of the client's bytes is wrong; it is in the log once a minute at
/// most.</remarks>
public static class TypedRequestExtensions
{
    /// <summary>Asks, and awaits the answer. As
    /// <see cref="RequestClient.RequestAsync(Message, RequestOptions, CancellationToken)"/>.</summary>
    /// <param name="client">Has a <see cref="RequestClientOptions.Serializer"/>.</param>
    /// <param name="value">What to ask.</param>
    /// <param name="name">Of the handler, where the server has several.</param>
    /// <param name="options">Instead of <see cref="RequestClient.Options"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidOperationException">The client has no serializer.</exception>
    /// <exception cref="MessageFormatException">The answer cannot be read; from the task.</exception>
    public static Task<TReply> RequestAsync<TRequest, TReply>(this RequestClient client, TRequest value, string? name = null,
        RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        IFrameSerializer serializer = Verify(client.Serializer, "client", "RequestClientOptions");
        return AskAsync<TRequest, TReply>(client, serializer, value, name, options, cancellationToken);
    }

    /// <summary>As <see cref="RequestAsync{TRequest, TReply}(RequestClient, TRequest, string?, RequestOptions?, CancellationToken)"/>, by
    /// source-generated JSON contracts.</summary>
    /// <param name="client">Needs no serializer.</param>
    /// <param name="value">What to ask.</param>
    /// <param name="requestType">Its contract.</param>
    /// <param name="replyType">The answer's.</param>
    /// <param name="name">Of the handler, where the server has several.</param>
    /// <param name="options">Instead of <see cref="RequestClient.Options"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="MessageFormatException">The answer cannot be read; from the task.</exception>
    public static Task<TReply> RequestAsync<TRequest, TReply>(this RequestClient client, TRequest value, JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TReply> replyType, string? name = null, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        Func<ReadOnlySpan<byte>, TReply?> reader = TypedFrame.ReaderOf(replyType);
        return AskAsync(client, name, Frame.FromJson(value, requestType), reader, options, cancellationToken);
    }

    /// <summary>Answers requests of a name, or, without one, all others. As <see
    /// cref="Responder.OnRequest(string, Func{ReceivedRequest, Message})"/>.</summary>
    /// <param name="responder">Has a <see cref="ResponderOptions.Serializer"/>.</param>
    /// <param name="name">The first frame of the requests; null for those that have no handler of their name.</param>
    /// <param name="handler">Called on the loop, in the contexts in force now.</param>
    /// <exception cref="InvalidOperationException">The responder has no serializer.</exception>
    public static void OnRequest<TRequest, TReply>(this Responder responder, string? name, Func<TRequest, ReceivedRequest, TReply> handler)
    {
        ArgumentNullException.ThrowIfNull(responder);
        Answer(responder, Verify(responder.Serializer, "responder", "ResponderOptions"), name, handler);
    }

    /// <summary>As <see cref="OnRequest{TRequest, TReply}(Responder, string?, Func{TRequest, ReceivedRequest, TReply})"/>, for an async
    /// handler.</summary>
    /// <inheritdoc cref="OnRequest{TRequest, TReply}(Responder, string?, Func{TRequest, ReceivedRequest, TReply})"/>
    public static void OnRequest<TRequest, TReply>(this Responder responder, string? name,
        Func<TRequest, ReceivedRequest, CancellationToken, Task<TReply>> handler)
    {
        ArgumentNullException.ThrowIfNull(responder);
        Answer(responder, Verify(responder.Serializer, "responder", "ResponderOptions"), name, handler);
    }

    /// <summary>As <see cref="OnRequest{TRequest, TReply}(Responder, string?, Func{TRequest, ReceivedRequest, TReply})"/>, by
    /// source-generated JSON contracts.</summary>
    /// <param name="responder">Needs no serializer.</param>
    /// <param name="name">The first frame of the requests; null for those that have no handler of their name.</param>
    /// <param name="handler">Called on the loop, in the contexts in force now.</param>
    /// <param name="requestType">The request's contract.</param>
    /// <param name="replyType">The answer's.</param>
    public static void OnRequest<TRequest, TReply>(this Responder responder, string? name, Func<TRequest, ReceivedRequest, TReply> handler,
        JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TReply> replyType)
    {
        ArgumentNullException.ThrowIfNull(responder);
        ArgumentNullException.ThrowIfNull(handler);
        Func<ReadOnlySpan<byte>, TRequest?> reader = TypedFrame.ReaderOf(requestType);
        ArgumentNullException.ThrowIfNull(replyType);
        responder.Handlers.Set(
            name, request => new Message(Frame.FromJson(handler(Read(responder, request, reader), request), replyType)), handler);
    }

    /// <summary>As the one before, for an async handler.</summary>
    /// <param name="responder">Needs no serializer.</param>
    /// <param name="name">The first frame of the requests; null for those that have no handler of their name.</param>
    /// <param name="handler">Called on the loop, in the contexts in force now.</param>
    /// <param name="requestType">The request's contract.</param>
    /// <param name="replyType">The answer's.</param>
    public static void OnRequest<TRequest, TReply>(this Responder responder, string? name,
        Func<TRequest, ReceivedRequest, CancellationToken, Task<TReply>> handler,
        JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TReply> replyType)
    {
        ArgumentNullException.ThrowIfNull(responder);
        ArgumentNullException.ThrowIfNull(handler);
        Func<ReadOnlySpan<byte>, TRequest?> reader = TypedFrame.ReaderOf(requestType);
        ArgumentNullException.ThrowIfNull(replyType);
        responder.Handlers.Set(name, (request, cancellationToken) => handler(Read(responder, request, reader), request, cancellationToken),
            reply => new Message(Frame.FromJson(reply, replyType)), handler);
    }

    internal static Task<TReply> AskAsync<TRequest, TReply>(RequestClient client, IFrameSerializer serializer, TRequest value, string? name,
        RequestOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AskAsync<TReply>(
            client, name, TypedFrame.Write(value, serializer), serializer.Deserialize<TReply>, options, cancellationToken);
    }

    internal static void Answer<TRequest, TReply>(
        Responder responder, IFrameSerializer serializer, string? name, Func<TRequest, ReceivedRequest, TReply> handler)
    {
        ArgumentNullException.ThrowIfNull(responder);
        ArgumentNullException.ThrowIfNull(handler);
        Func<ReadOnlySpan<byte>, TRequest?> reader = serializer.Deserialize<TRequest>;
        responder.Handlers.Set(
            name, request => new Message(TypedFrame.Write(handler(Read(responder, request, reader), request), serializer)), handler);
    }

    internal static void Answer<TRequest, TReply>(Responder responder, IFrameSerializer serializer, string? name,
        Func<TRequest, ReceivedRequest, CancellationToken, Task<TReply>> handler)
    {
        ArgumentNullException.ThrowIfNull(responder);
        ArgumentNullException.ThrowIfNull(handler);
        Func<ReadOnlySpan<byte>, TRequest?> reader = serializer.Deserialize<TRequest>;
        responder.Handlers.Set(name, (request, cancellationToken) => handler(Read(responder, request, reader), request, cancellationToken),
            reply => new Message(TypedFrame.Write(reply, serializer)), handler);
    }

    private static async Task<TReply> AskAsync<TReply>(RequestClient client, string? name, Frame value,
        Func<ReadOnlySpan<byte>, TReply?> reader, RequestOptions? options, CancellationToken cancellationToken)
    {
        Message request = name is null ? new Message(value) : new Message(name, value);
        bool staysHere = client.IOLoop.IsRunningHere; // there the answer comes in its turn, and whoever awaits this goes on in the same one
        Message reply = await client.RequestAsync(request, options ?? client.Options, cancellationToken).ConfigureAwait(staysHere);
        return TypedFrame.Read(reply[^1], reader, client.Endpoints, isAnswer: true);
    }

    /// <exception cref="RemoteException">The request holds no such value: the client is told so, which is no fault of the
    /// handler's.</exception>
    private static T Read<T>(Responder responder, ReceivedRequest request, Func<ReadOnlySpan<byte>, T?> reader)
    {
        try
        {
            return TypedFrame.Read(request.Body is [.., var value] ? (Frame?)value : null, reader, () => request.Peer.ToString());
        }
        catch (MessageFormatException exception)
        {
            responder.Handlers.TellUnreadable(exception);
            throw new RemoteException(RemoteException.BadRequest, $"The request cannot be read: it {exception.Found}.");
        }
    }

    private static IFrameSerializer Verify(IFrameSerializer? serializer, string owner, string options) =>
        serializer ?? throw new InvalidOperationException(
            $"This {owner} has no serializer: set {options}.Serializer, such as new JsonFrameSerializer(context), or give JSON contracts.");
}
