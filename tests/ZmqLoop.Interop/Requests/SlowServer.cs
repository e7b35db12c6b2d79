using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Requests;

/// <summary>A responder whose answers wait until they may go, and that keeps what was called off.</summary>
internal sealed class SlowServer
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SlowServer()
    {
    }

    public Responder Responder { get; private set; } = null!;

    public string Endpoint { get; private set; } = "";

    /// <summary>Filled on the loop.</summary>
    public List<string> Cancelled { get; } = [];

    public static async Task<SlowServer> StartAsync(RequestSide side, string endpoint = "tcp://127.0.0.1:*", bool connects = false)
    {
        SlowServer server = new();
        (server.Responder, server.Endpoint) = await side.ResponderAsync(
            made => made.OnRequest(server.AnswerAsync), endpoint: endpoint, connects: connects);
        return server;
    }

    public void Go() => _go.TrySetResult();

    private async Task<Message> AnswerAsync(ReceivedRequest request, CancellationToken cancelled)
    {
        try
        {
            await _go.Task.WaitAsync(cancelled);
        }
        catch (OperationCanceledException)
        {
            Cancelled.Add(request.Body[0].ToText());
            throw;
        }

        return new Message(request.Body);
    }
}
