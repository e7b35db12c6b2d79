using System.Globalization;
using System.Text.Json.Nodes;
using NetMQ;
using ZmqLoop;

namespace NetMQService;

/// <summary>The back end: an actor, so a thread of its own with a pair of sockets between, that sums what it is given.</summary>
internal sealed class Worker : IDisposable
{
    private readonly NetMQLoopPoller _poller;
    private readonly NetMQActor _actor = NetMQActor.Create(Work);
    private readonly Dictionary<int, Action<JsonNode>> _waiting = [];
    private int _last;

    public Worker(NetMQLoopPoller poller)
    {
        _poller = poller;
        _actor.ReceiveReady += (_, _) => Dispatch(_actor.ReceiveMultipartMessage());
        poller.Add(_actor);
    }

    /// <summary>Sends a job; the callback gets the result, in the contexts in force now.</summary>
    public void Call(string job, Action<JsonNode> callback)
    {
        int id = ++_last;
        _waiting.Add(id, StackContext.Wrap(callback)); // Dispatch runs in nobody's contexts
        _actor.SendMoreFrame(id.ToString(CultureInfo.InvariantCulture)).SendFrame(job);
    }

    public void Dispose()
    {
        _poller.Remove(_actor);
        _actor.Dispose();
    }

    private void Dispatch(NetMQMessage message)
    {
        if (!_waiting.Remove(int.Parse(message[0].ConvertToString(), CultureInfo.InvariantCulture), out Action<JsonNode>? callback)) return;
        callback(JsonNode.Parse(message[1].AsSpan())!);
    }

    private static void Work(NetMQ.Sockets.PairSocket shim)
    {
        shim.SignalOK();
        while (shim.ReceiveFrameString() is var id && id != NetMQActor.EndShimMessage)
        {
            JsonNode task = JsonNode.Parse(shim.ReceiveFrameString())!;
            double sum = task["args"]?.AsArray().Sum(number => (double)number!) ?? 0;
            shim.SendMoreFrame(id).SendFrame(sum.ToString(CultureInfo.InvariantCulture));
        }
    }
}
