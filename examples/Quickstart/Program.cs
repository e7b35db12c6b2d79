using ZmqLoop;
using ZmqLoop.Streams;

ZMQIOLoop loop = ZMQIOLoop.Install();
using ZMQStream front = new(ZMQSocket.Create(SocketType.Router), loop,
    new ZMQStreamOptions { EnvelopeFormat = EnvelopeFormat.Delimiter }); // REQ clients, or DEALERs that send an empty frame first
front.Bind(args.Length > 0 ? args[0] : "tcp://127.0.0.1:5555");
front.OnRecv(request =>
{
    ExceptionStackContext errors = new(e => { front.Send(request.Reply("error: " + e.Message)); return true; });
    errors.Run(() => loop.CallLater(0.1, () => front.Send(request.Reply($"{Math.Sqrt(double.Parse(request[^1].ToText()))}"))));
});
loop.StopOnSignals(() => front.FinishAsync(TimeSpan.FromSeconds(5)));
Console.WriteLine("serving on " + front.Socket.LastEndpoint);
loop.Start();
