namespace ZmqLoop.Streams;

/// <summary>What a message is about a request; the values stand on the wire.</summary>
internal enum CorrelationKind : byte
{
    /// <summary>The request, or its answer.</summary>
    Request = (byte)'?',

    /// <summary>Its answer, which is an error.</summary>
    Error = (byte)'!',

    /// <summary>Nobody waits for its answer any more. Such a message has no body, so that no server can take it for a request.</summary>
    Cancellation = (byte)'x',
}
