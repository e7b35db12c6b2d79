using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>What a handler of a <see cref="Responder"/> is asked.</summary>
/// <remarks>Its frames are yours to keep.</remarks>
public sealed class ReceivedRequest
{
    private readonly Message _message;
    private readonly int _body;

    internal ReceivedRequest(Message message, int envelope, string? name, TimeSpan? timeLeft)
    {
        _message = message;
        _body = name is null ? envelope : envelope + 1;
        Name = name;
        TimeLeft = timeLeft;
    }

    /// <summary>The name of the handler, where it has one: the first frame of what was sent.</summary>
    public string? Name { get; }

    /// <summary>What was asked, behind the envelope and the name. The peer decides how many frames there are: look before you
    /// index.</summary>
    public ReadOnlySpan<Frame> Body => _message.Frames[_body..];

    /// <summary>Who asks: the routing id of the connection.</summary>
    public Frame Peer => _message[0];

    /// <summary>For how much longer the client waits, when the request came, where it told (<see cref="RequestOptions.TellsTimeLeft"/>).
    /// The handler's token is cancelled then.</summary>
    public TimeSpan? TimeLeft { get; }

    /// <summary>All of it, as the ROUTER received it.</summary>
    public Message Message => _message;

    /// <summary>For logs.</summary>
    public override string ToString() => $"{(Name is null ? "Request" : $"'{EscapedText.Show(Name)}'")} from {Peer}: {_message}";

    /// <summary>Where it was asked, if that is believed.</summary>
    internal ActivityContext Trace { get; init; }

    /// <summary>When it was received, for the meter; null where nobody listens.</summary>
    internal long? Start { get; init; }

    /// <summary>Its own, while it is answered; null where nobody listens.</summary>
    internal Activity? Activity { get; set; }

    /// <summary>What the handler has answered.</summary>
    internal Message? Reply { get; set; }

    /// <summary>For how long its client waits, where that can tell; null where it cannot.</summary>
    internal RequestLifetime? Lifetime { get; set; }

    /// <summary>Its client was answered in its handler's place.</summary>
    internal bool IsAnswered { get; set; }
}
