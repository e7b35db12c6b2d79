using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

internal sealed class HostedResponder(
    SocketContext context, SocketPlan<ResponderOptions> plan, IReadOnlyList<HostedRequestHandler> handlers)
    : HostedSocket(context, plan.Socket)
{
    private readonly ResponderOptions _options = plan.Options with
    {
        Name = plan.Options.Name ?? context.Name, Serializer = plan.Options.Serializer ?? context.Serializer,
        ErrorReply = plan.Options.ErrorReply ?? context.Loop.Options.ErrorReply,
    };
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

    protected override int? Unread => Responder.UnreadRequests;

    protected override TimeSpan DrainTime => _options.DrainTime;

    protected override string Kind => "Responder";

    protected override void MakeOver(ZMQSocket socket) => _responder = new Responder(socket, Loop.Loop, _options);

    protected override async Task TryHandlerAsync()
    {
        if (handlers.Count == 0)
            throw new InvalidOperationException($"{this} has no handler: add one by AddRequestHandler, or AddResponder<THandler>.");
        if (_options.Serializer is null && handlers.FirstOrDefault(static handler => handler.IsTyped) is { } typed)
            throw new InvalidOperationException($"{this} has no serializer, which its handler of '{typed.Name}' needs, since types may not "
                + "be looked at by reflection here: add one for all, services.AddSingleton<IFrameSerializer>(new "
                + "JsonFrameSerializer(context)), or set ResponderOptions.Serializer.");
        foreach (HostedRequestHandler handler in handlers) await handler.TryAsync(Services, $"{this}").ConfigureAwait(false);
    }

    protected override void BeginHere()
    {
        foreach (HostedRequestHandler handler in handlers) handler.Begin(Responder, Services);
    }

    protected override void Bind(string endpoint) => Responder.Bind(endpoint);

    protected override void Connect(string endpoint) => Responder.Connect(endpoint);

    protected override Task<bool> FinishAsync(TimeSpan limit, Func<Task> work) => Responder.FinishAsync(limit, work);

    protected override Task<bool> CloseAsync(TimeSpan drain) => Responder.CloseAsync(drain);

    protected override void Close() => Responder.Close();
}
