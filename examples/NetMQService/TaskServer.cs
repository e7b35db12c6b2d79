using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop;

namespace NetMQService;

/// <summary>Requests in, replies out: a timer, the thread pool, the worker. Whatever throws on the way is answered to the client who asked,
/// by the context around the request.</summary>
internal sealed class TaskServer(IOLoop loop, RouterSocket front, Worker worker)
{
    /// <summary>How many replies went out.</summary>
    public int Answered { get; private set; }

    public void Accept(NetMQMessage request)
    {
        NetMQMessage envelope = new(request.TakeWhile(frame => !frame.IsEmpty)); // the client's routing id, up to the delimiter
        ExceptionStackContext errors = new(error =>
        {
            Answer(envelope, new JsonObject { ["ok"] = false, ["error"] = error.Message });
            return true;
        });
        errors.Run(() =>
        {
            JsonNode task = JsonNode.Parse(request.Last.AsSpan()) ?? throw new ArgumentException("There is no request in it.");
            loop.CallLater(TimeSpan.FromMilliseconds(1), () => Prepare(envelope, task));
        });
    }

    private void Prepare(NetMQMessage envelope, JsonNode task)
    {
        FailAt("timer", task);
        loop.AddFuture(
            loop.RunInExecutor(() =>
            {
                FailAt("pool", task);
                return task.ToJsonString();
            }),
            prepared => worker.Call(prepared.GetAwaiter().GetResult(), result =>
            {
                FailAt("reply", task);
                Answer(envelope, new JsonObject { ["ok"] = true, ["result"] = result });
            }));
    }

    private void Answer(NetMQMessage envelope, JsonObject reply)
    {
        NetMQMessage message = new(envelope);
        message.AppendEmptyFrame();
        message.Append(reply.ToJsonString());
        if (!front.TrySendMultipartMessage(message)) throw new InvalidOperationException("The client does not take its answers.");
        Answered++;
    }

    private static void FailAt(string where, JsonNode task)
    {
        if ((string?)task["fail"] == where) throw new InvalidOperationException($"failed in its {where}");
    }
}
