using ZmqLoop;
using ZmqLoop.Streams;

ZMQIOLoop loop = ZMQIOLoop.Install();
using Responder responder = new(ZMQSocket.Create(SocketType.Router), loop);
responder.OnRequest("root", request => new Message($"{Math.Sqrt(double.Parse(request.Body[0].Span))}"));
responder.OnRequest("wait", async (request, cancelled) =>
{
    await loop.Delay(double.Parse(request.Body[0].Span), cancelled);
    return new Message("done");
});
responder.Bind(args.Length > 0 ? args[0] : "tcp://127.0.0.1:5556");
loop.StopOnSignals(() => responder.FinishAsync(TimeSpan.FromSeconds(5)));
Console.WriteLine("serving on " + responder.Socket.LastEndpoint);
loop.Start();
