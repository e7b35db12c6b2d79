namespace ZmqLoop.Streams;

/// <summary>The answer to an <see cref="AuthenticationRequest"/>. A provider may return true or false instead.</summary>
public sealed class AuthenticationResult
{
    private AuthenticationResult(bool isAllowed, string? userId, IReadOnlyDictionary<string, string>? metadata, string reason)
    {
        IsAllowed = isAllowed;
        UserId = userId;
        Metadata = metadata;
        Reason = reason;
    }

    /// <summary>Whether the connection stands.</summary>
    public bool IsAllowed { get; }

    /// <summary>What <see cref="Frame.GetProperty"/> of <c>User-Id</c> is for messages that come by the connection; null for the usual:
    /// PLAIN's name, CURVE's public key in Z85, else <c>anonymous</c>.</summary>
    public string? UserId { get; }

    /// <summary>More that <see cref="Frame.GetProperty"/> knows of those messages; or null.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; }

    /// <summary>Why not. It goes into logs, and stays on this side.</summary>
    public string Reason { get; }

    /// <summary>Lets the connection in.</summary>
    /// <exception cref="ArgumentException">A name in the metadata is empty or longer than 255 bytes.</exception>
    public static AuthenticationResult Allow(string? userId = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        _ = ZapMetadata.Encode(metadata); // a name that does not fit fails here, and not in the reply
        return new AuthenticationResult(true, userId, metadata, "OK");
    }

    /// <summary>Keeps the connection out, with status 400. The client does not try again by itself.</summary>
    public static AuthenticationResult Deny(string reason = "NO ACCESS")
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new AuthenticationResult(false, null, null, reason);
    }

    /// <summary><see cref="Allow"/> or <see cref="Deny"/>.</summary>
    public static implicit operator AuthenticationResult(bool isAllowed) => isAllowed ? Allow() : Deny();
}
