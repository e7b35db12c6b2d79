using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

internal sealed class HostedRequestClient(SocketContext context, SocketPlan<RequestClientOptions> plan)
    : HostedSocket(context, plan.Socket)
{
    private readonly RequestClientOptions _options = plan.Options with
    {
        Name = plan.Options.Name ?? context.Name, Serializer = plan.Options.Serializer ?? context.Serializer,
    };
    private RequestClient? _client;

    public RequestClient Client
    {
        get
        {
            Make();
            return _client!;
        }
    }

    public override bool IsServer => false;

    public override bool IsClosed => Client.IsClosed;

    public override int HandlersRunning => 0;

    public override TimeSpan? OldestHandlerAge => null;

    protected override ZMQSocket Socket => Client.Socket;

    protected override int Unsent => Client.InFlight + Client.Waiting;

    protected override int? Unread => 0; // its answers are those of the requests

    protected override TimeSpan DrainTime => _options.DrainTime;

    protected override string Kind => "Request client";

    protected override void MakeOver(ZMQSocket socket) => _client = new RequestClient(socket, Loop.Loop, _options);

    protected override Task TryHandlerAsync() => Task.CompletedTask;

    protected override void BeginHere()
    {
    }

    protected override void Bind(string endpoint) => Client.Bind(endpoint);

    protected override void Connect(string endpoint) => Client.Connect(endpoint);

    protected override Task<bool> FinishAsync(TimeSpan limit, Func<Task> work) => CloseAsync(limit);

    protected override Task<bool> CloseAsync(TimeSpan drain) => Client.CloseAsync(drain);

    protected override void Close() => Client.Close();
}
