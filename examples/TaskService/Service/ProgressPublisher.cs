using System.Text.Json;
using ZmqLoop;
using ZmqLoop.Streams;

namespace TaskService.Service;

/// <summary>Tells whoever subscribes how it goes: two frames, a topic (<c>progress</c>, <c>error</c>, <c>stopped</c>) and JSON.</summary>
internal sealed class ProgressPublisher : IDisposable
{
    private readonly ZMQStream _stream;
    private readonly int _every;
    private long _done;
    private long _failed;

    public ProgressPublisher(IOLoop loop, string endpoint, int every)
    {
        _stream = new ZMQStream(ZMQSocket.Create(SocketType.Pub), loop);
        _stream.Bind(endpoint);
        _every = every;
    }

    public string Endpoint => _stream.Socket.LastEndpoint;

    public void Answered(string? errorKind, int inFlight)
    {
        _done++;
        if (errorKind is not null)
        {
            _failed++;
            Publish("error", new ProgressReport(_done, _failed, inFlight, errorKind));
        }

        if (_done % _every == 0) Publish("progress", new ProgressReport(_done, _failed, inFlight));
    }

    public Task StopAsync(TimeSpan limit)
    {
        Publish("stopped", new ProgressReport(_done, _failed, 0));
        return _stream.CloseAsync(limit);
    }

    public void Dispose() => _stream.Dispose();

    private void Publish(string topic, ProgressReport report) =>
        _stream.SendMultipart(topic, Frame.Own(JsonSerializer.SerializeToUtf8Bytes(report, ServiceJson.Default.ProgressReport)));
}
