using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>Answers requests as they came.</summary>
internal sealed class MessageRequestHandler<THandler>(
    string responder, string? name, Func<THandler, ReceivedRequest, CancellationToken, Task<Message>> handle)
    : HostedRequestHandler(responder, name) where THandler : class
{
    public override bool IsTyped => false;

    public override Task TryAsync(IServiceProvider services, string of) => ScopedHandler<THandler>.Of<THandler>(services).TryAsync(of);

    public override void Begin(Responder responder, IServiceProvider services)
    {
        ScopedHandler<THandler> handler = ScopedHandler<THandler>.Of<THandler>(services);
        if (Name is { } given) responder.OnRequest(given, AnswerAsync);
        else responder.OnRequest(AnswerAsync);

        Task<Message> AnswerAsync(ReceivedRequest request, CancellationToken cancellation) =>
            handler.AnswerAsync(one => handle(one, request, cancellation));
    }
}
