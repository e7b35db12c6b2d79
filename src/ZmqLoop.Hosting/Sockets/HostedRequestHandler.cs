using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>Answers the requests of a name, or, without one, all others of a responder.</summary>
internal abstract class HostedRequestHandler(string responder, string? name)
{
    public string Responder => responder;

    public string? Name => name;

    /// <summary>Whether it takes and gives values, and not messages.</summary>
    public abstract bool IsTyped { get; }

    /// <summary>Makes the object that is called, and throws it away.</summary>
    /// <exception cref="InvalidOperationException">It cannot be made.</exception>
    public abstract Task TryAsync(IServiceProvider services, string of);

    /// <summary>Answers from now on. Loop's thread.</summary>
    public abstract void Begin(Responder responder, IServiceProvider services);
}
