using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>Answers values with values, by the responder's serializer.</summary>
internal sealed class TypedRequestHandler<THandler, TRequest, TReply>(
    string responder, string name, Func<THandler, TRequest, CancellationToken, Task<TReply>> handle)
    : HostedRequestHandler(responder, name) where THandler : class
{
    public override bool IsTyped => true;

    public override Task TryAsync(IServiceProvider services, string of) => ScopedHandler<THandler>.Of<THandler>(services).TryAsync(of);

    public override void Begin(Responder responder, IServiceProvider services)
    {
        ScopedHandler<THandler> handler = ScopedHandler<THandler>.Of<THandler>(services);
        responder.OnRequest<TRequest, TReply>(Name,
            (value, _, cancellation) => handler.AnswerAsync(one => handle(one, value, cancellation)));
    }
}
