using System.Text.Json;
using System.Text.Unicode;
using ZmqLoop;

namespace TaskService.Service;

/// <summary>Takes a message apart; what is wrong with it becomes a <see cref="ServiceException"/> with a kind.</summary>
internal static class RequestReader
{
    /// <summary>A request is one frame, and never an empty one, so an empty frame ends the envelope, as REQ clients send it; of a client
    /// that sends none the routing id is all of it.</summary>
    public static Message FindEnvelope(Message message)
    {
        int count = 1;
        while (count < message.Count && !message[count].IsEmpty) count++;
        return new Message(message.Frames[..(count < message.Count ? count + 1 : 1)]);
    }

    public static TaskRequest Read(Message message, Request request, int maxBody)
    {
        Frame body = FindBody(message, request.Envelope.Count);
        if (body.Length > maxBody)
            throw new ServiceException("too_large", $"{body.Length} bytes are more than the {maxBody} that are allowed.");
        JsonElement root = Parse(body.Span);
        if (root.ValueKind != JsonValueKind.Object) throw new ServiceException("bad_request", "A request is a JSON object.");
        request.Id = FindId(root);
        try
        {
            return root.Deserialize(ServiceJson.Default.TaskRequest)!;
        }
        catch (JsonException exception)
        {
            throw new ServiceException("bad_request", $"{exception.Path} has the wrong type.");
        }
    }

    private static Frame FindBody(Message message, int envelope) => (message.Count - envelope) switch
    {
        0 => throw new ServiceException("missing_frame", "There is no body after the envelope."),
        1 when message[envelope].IsEmpty => throw new ServiceException("empty_frame", "The body is empty."),
        1 => message[envelope],
        int count => throw new ServiceException("extra_frames", $"There are {count} frames where one is expected."),
    };

    private static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) throw new ServiceException("malformed", "The body is not UTF-8.");
        Utf8JsonReader reader = new(json);
        try
        {
            JsonElement root = JsonElement.ParseValue(ref reader);
            reader.Read(); // throws where something follows
            return root;
        }
        catch (JsonException exception)
        {
            throw new ServiceException("malformed", exception.Message);
        }
    }

    private static JsonElement FindId(JsonElement root)
    {
        if (root.TryGetProperty("id", out JsonElement id) && id.ValueKind is JsonValueKind.Number or JsonValueKind.String) return id;
        throw new ServiceException("bad_request", "A request has an id, which is a number or a string.");
    }
}
