using System.Buffers.Binary;
using System.Text.Json;
using ZmqLoop;
using ZmqLoop.Streams;

namespace TaskService.Workers;

/// <summary>The service's side of the back end: a DEALER that knows by an id which reply belongs to which call.</summary>
internal sealed class WorkerClient : IDisposable
{
    private readonly ZMQStream _stream;
    private readonly Dictionary<long, Action<JobReply>> _waiting = [];
    private long _lastId;

    public WorkerClient(IOLoop loop, string endpoint)
    {
        _stream = new ZMQStream(ZMQSocket.Create(SocketType.Dealer), loop);
        _stream.Connect(endpoint);
        _stream.OnRecv(Dispatch);
    }

    /// <summary>Sends a job; the callback gets the reply, in the contexts in force now.</summary>
    public void Call(Job job, Action<JobReply> callback)
    {
        long id = ++_lastId;
        _waiting.Add(id, StackContext.Wrap(callback)); // Dispatch runs in nobody's contexts: the caller's must be stored with the callback
        byte[] frame = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(frame, id);
        _stream.SendMultipart(Frame.Own(frame), Frame.Empty, Frame.Own(JsonSerializer.SerializeToUtf8Bytes(job, JobJson.Default.Job)));
    }

    /// <summary>Sends a job, for await.</summary>
    public Task<JsonElement> CallAsync(Job job)
    {
        TaskCompletionSource<JsonElement> done = new();
        Call(job, reply =>
        {
            if (reply.Result is { } result) done.SetResult(result);
            else done.SetException(new WorkerException(reply.Error ?? "no result"));
        });
        return done.Task;
    }

    public void Dispose() => _stream.Dispose();

    private void Dispatch(Message message)
    {
        long id = BinaryPrimitives.ReadInt64LittleEndian(message[0].Span);
        if (!_waiting.Remove(id, out Action<JobReply>? callback)) return;
        callback(JsonSerializer.Deserialize(message[^1].Span, JobJson.Default.JobReply)!);
    }
}
