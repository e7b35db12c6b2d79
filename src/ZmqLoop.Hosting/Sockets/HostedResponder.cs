using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

internal sealed class HostedResponder(SocketContext context, SocketPlan<ResponderOptions> plan, ScopedHandler<IRequestHandler> handler)
    : HostedSocket(context, plan.Socket)
{
    private readonly ResponderOptions _options = plan.Options with { Name = plan.Options.Name ?? context.Name };
    private Responder? _responder;

    public Responder Responder
    {
        get
        {
            Make();
            return _responder!;
        }
    }

    public override bool IsServer => true;

    public override bool IsClosed => Responder.IsClosed;

    public override int HandlersRunning => Responder.HandlersRunning;

    public override TimeSpan? OldestHandlerAge => Responder.OldestHandlerAge;

    protected override ZMQSocket Socket => Responder.Socket;

    protected override int Unsent => Responder.SendQueueLength;

    protected override TimeSpan DrainTime => _options.DrainTime;

    protected override string Kind => "Responder";

    protected override void MakeOver(ZMQSocket socket) => _responder = new Responder(socket, Loop.Loop, _options);

    protected override Task TryHandlerAsync() => handler.TryAsync($"{this}");

    protected override void BeginHere() => Responder.OnRequest(async (request, cancellation) =>
    {
        Message? reply = null;
        await handler.CallAsync(async one =>
        {
            if (one.HandleAsync(request, cancellation) is { } answer) reply = await answer;
        });
        return reply!; // null is the responder's to refuse
    });

    protected override void Bind(string endpoint) => Responder.Bind(endpoint);

    protected override void Connect(string endpoint) => Responder.Connect(endpoint);

    protected override Task<bool> FinishAsync(TimeSpan limit, Func<Task> work) => Responder.FinishAsync(limit, work);

    protected override Task<bool> CloseAsync(TimeSpan drain) => Responder.CloseAsync(drain);

    protected override void Close() => Responder.Close();
}
