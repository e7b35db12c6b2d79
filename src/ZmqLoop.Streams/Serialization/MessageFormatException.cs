namespace ZmqLoop.Streams;

/// <summary>A message does not hold what was to be read from it. The message of the exception says who sent it and shows its first
/// bytes, cut and escaped; its cause is what the serializer has thrown.</summary>
public sealed class MessageFormatException : FormatException
{
    /// <summary>With the usual message.</summary>
    public MessageFormatException() : this("The message does not hold what was to be read from it.")
    {
    }

    /// <summary>With a message.</summary>
    public MessageFormatException(string message) : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public MessageFormatException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>Who sent it, as far as that is known: a routing id, an address, or null.</summary>
    public string? Peer { get; init; }

    /// <summary>A client's server has sent it; else it came by itself.</summary>
    internal bool IsOfAnswer { get; init; }

    /// <summary>What was there instead, in words that whoever sent it may read: nothing of types, and nobody's address.</summary>
    internal string? Found { get; init; }
}
