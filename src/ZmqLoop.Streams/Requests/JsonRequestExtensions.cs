using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace ZmqLoop.Streams;

/// <summary>Requests and answers as JSON, without contracts: <see cref="JsonNode"/>s, which work everywhere, and values of any type, which
/// are looked at by reflection. One frame each, behind the name of the handler where there is one, as those of
/// <see cref="TypedRequestExtensions"/>, which can be mixed with them. Names of properties are written as they are in C#, and read in any
/// case.</summary>
/// <remarks>Neither needs a <see cref="RequestClientOptions.Serializer"/>, nor looks at it. JSON's null is no value: where it was sent, it
/// cannot be read.</remarks>
/// <example><code>
/// using System.Text.Json.Nodes;
///
/// ZMQIOLoop loop = ZMQIOLoop.Install();
/// using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop);
/// client.Connect("tcp://127.0.0.1:5556");
/// loop.RunSync(async () =>
/// {
///     JsonNode bill = await client.RequestJsonAsync(new JsonObject { ["item"] = "pears", ["count"] = 6 }, "buy");
///     Console.WriteLine(bill["total"]);
/// });
/// </code></example>
public static class JsonRequestExtensions
{
    /// <summary>Asks, and awaits the answer. As
    /// <see cref="RequestClient.RequestAsync(Message, RequestOptions, CancellationToken)"/>.</summary>
    /// <param name="client">Asks.</param>
    /// <param name="value">What to ask.</param>
    /// <param name="name">Of the handler, where the server has several.</param>
    /// <param name="options">Instead of <see cref="RequestClient.Options"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="MessageFormatException">The answer is no JSON; from the task.</exception>
    public static Task<JsonNode> RequestJsonAsync(this RequestClient client, JsonNode value, string? name = null,
        RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return TypedRequestExtensions.AskAsync<JsonNode, JsonNode>(
            client, JsonFrameSerializer.Nodes, value, name, options, cancellationToken);
    }

    /// <summary>As <see cref="RequestJsonAsync(RequestClient, JsonNode, string?, RequestOptions?, CancellationToken)"/>, with values of
    /// any type.</summary>
    /// <inheritdoc cref="RequestJsonAsync(RequestClient, JsonNode, string?, RequestOptions?, CancellationToken)"/>
    [RequiresUnreferencedCode(JsonFrameSerializer.Reflection)]
    [RequiresDynamicCode(JsonFrameSerializer.Reflection)]
    public static Task<TReply> RequestJsonAsync<TRequest, TReply>(this RequestClient client, TRequest value, string? name = null,
        RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        TypedRequestExtensions.AskAsync<TRequest, TReply>(
            client, JsonFrameSerializer.OfReflection(), value, name, options, cancellationToken);

    /// <summary>Answers requests of a name, or, without one, all others. As <see
    /// cref="Responder.OnRequest(string, Func{ReceivedRequest, Message})"/>.</summary>
    /// <param name="responder">Answers.</param>
    /// <param name="name">The first frame of the requests; null for those that have no handler of their name.</param>
    /// <param name="handler">Called on the loop, in the contexts in force now.</param>
    public static void OnRequestJson(this Responder responder, string? name, Func<JsonNode, ReceivedRequest, JsonNode> handler) =>
        TypedRequestExtensions.Answer(responder, JsonFrameSerializer.Nodes, name, handler);

    /// <summary>As <see cref="OnRequestJson(Responder, string?, Func{JsonNode, ReceivedRequest, JsonNode})"/>, for an async
    /// handler.</summary>
    /// <inheritdoc cref="OnRequestJson(Responder, string?, Func{JsonNode, ReceivedRequest, JsonNode})"/>
    public static void OnRequestJson(
        this Responder responder, string? name, Func<JsonNode, ReceivedRequest, CancellationToken, Task<JsonNode>> handler) =>
        TypedRequestExtensions.Answer(responder, JsonFrameSerializer.Nodes, name, handler);

    /// <summary>As <see cref="OnRequestJson(Responder, string?, Func{JsonNode, ReceivedRequest, JsonNode})"/>, with values of any
    /// type.</summary>
    /// <inheritdoc cref="OnRequestJson(Responder, string?, Func{JsonNode, ReceivedRequest, JsonNode})"/>
    [RequiresUnreferencedCode(JsonFrameSerializer.Reflection)]
    [RequiresDynamicCode(JsonFrameSerializer.Reflection)]
    public static void OnRequestJson<TRequest, TReply>(
        this Responder responder, string? name, Func<TRequest, ReceivedRequest, TReply> handler) =>
        TypedRequestExtensions.Answer(responder, JsonFrameSerializer.OfReflection(), name, handler);

    /// <summary>As the one before, for an async handler.</summary>
    /// <inheritdoc cref="OnRequestJson(Responder, string?, Func{JsonNode, ReceivedRequest, JsonNode})"/>
    [RequiresUnreferencedCode(JsonFrameSerializer.Reflection)]
    [RequiresDynamicCode(JsonFrameSerializer.Reflection)]
    public static void OnRequestJson<TRequest, TReply>(this Responder responder, string? name,
        Func<TRequest, ReceivedRequest, CancellationToken, Task<TReply>> handler) =>
        TypedRequestExtensions.Answer(responder, JsonFrameSerializer.OfReflection(), name, handler);
}
