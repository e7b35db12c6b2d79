using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

internal sealed class HostedStream(SocketContext context, SocketPlan<ZMQStreamOptions> plan, ScopedHandler<IMessageHandler>? handler)
    : HostedSocket(context, plan.Socket)
{
    private readonly ZMQStreamOptions _options = plan.Options with
    {
        Name = plan.Options.Name ?? context.Name, Serializer = plan.Options.Serializer ?? context.Serializer,
    };
    private ZMQStream? _stream;

    public ZMQStream Stream
    {
        get
        {
            Make();
            return _stream!;
        }
    }

    public override bool IsServer => handler is not null;

    public override bool IsClosed => Stream.IsClosed;

    public override int HandlersRunning => Stream.HandlersRunning;

    public override TimeSpan? OldestHandlerAge => Stream.OldestHandlerAge;

    protected override ZMQSocket Socket => Stream.Socket;

    protected override int Unsent => Stream.SendQueueLength;

    protected override int? Unread => Stream.UnreadMessages;

    protected override TimeSpan DrainTime => _options.DrainTime;

    protected override string Kind => "Stream";

    protected override void MakeOver(ZMQSocket socket) => _stream = new ZMQStream(socket, Loop.Loop, _options);

    protected override Task TryHandlerAsync() => handler is null ? Task.CompletedTask : handler.TryAsync($"{this}");

    protected override void BeginHere()
    {
        if (handler is null) return;
        ZMQStream stream = Stream;
        stream.OnRecv((message, cancellation) => handler.CallAsync(one => one.HandleAsync(message, stream, cancellation)));
    }

    protected override void Bind(string endpoint) => Stream.Bind(endpoint);

    protected override void Connect(string endpoint) => Stream.Connect(endpoint);

    protected override Task<bool> FinishAsync(TimeSpan limit, Func<Task> work) => Stream.FinishAsync(limit, work);

    protected override Task<bool> CloseAsync(TimeSpan drain) => Stream.CloseAsync(drain);

    protected override void Close() => Stream.Close();
}
