namespace ZmqLoop.Streams;

/// <summary>The server answered with an error: what <see cref="RequestClient"/> throws for it, and what a handler of a
/// <see cref="Responder"/> throws to give one.</summary>
/// <remarks>Nothing of it but <see cref="Code"/> and the message travels. One that a handler's own request has got is no answer to the
/// handler's client, but an error like any other: <see cref="ResponderOptions.ErrorReply"/> is asked, and it is reported. To pass it on,
/// throw a new one of its code and message, or return it from that rule.</remarks>
public sealed class RemoteException : Exception
{
    /// <summary>The code of an error of the handler's that says no other.</summary>
    public const string Failed = "failed";

    /// <summary>The code of a request by a name that the server has no handler for.</summary>
    public const string UnknownName = "unknown-name";

    /// <summary>The code of a request that is not in the form that the server reads.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>The code of a request whose time was over before its handler had answered.</summary>
    public const string TimedOut = "timed-out";

    /// <summary>The code of a request whose handler gave up, since the server closes.</summary>
    public const string Closing = "closing";

    /// <summary>With the usual message.</summary>
    public RemoteException() : this("The server failed.")
    {
    }

    /// <summary>With a message, and the code <see cref="Failed"/>.</summary>
    public RemoteException(string message) : this(Failed, message)
    {
    }

    /// <summary>With a message, and a cause, which does not travel.</summary>
    public RemoteException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>With a code, by which the client tells errors apart, and a message for people.</summary>
    public RemoteException(string code, string message) : base(message)
    {
        ArgumentNullException.ThrowIfNull(code);
        Code = code;
    }

    /// <summary>By which errors are told apart: one of the constants here, or the server's own.</summary>
    public string Code { get; } = Failed;

    /// <summary>A client got it; else somebody here made it.</summary>
    internal bool IsReceived { get; init; }

    /// <summary>What activities and measurements say of it. A server chooses its codes: those that are not this library's are one at its
    /// clients, so that no stranger makes series, or writes into traces.</summary>
    internal string ErrorType
    {
        get => field ?? (!IsReceived || Code is Failed or UnknownName or BadRequest or TimedOut or Closing ? Code : "_OTHER");
        init;
    }

    /// <summary>With the code, for logs.</summary>
    public override string ToString() => $"{Code}: {base.ToString()}";
}
