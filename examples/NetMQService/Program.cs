using NetMQ;
using NetMQ.Sockets;
using NetMQService;
using ZmqLoop;

ZMQIOLoop loop = ZMQIOLoop.Install();
using RouterSocket front = new();
front.Bind(args.Length > 0 ? args[0] : "tcp://127.0.0.1:5555");
using NetMQLoopPoller poller = loop.AsNetMQPoller(); // where it said: new NetMQPoller()
using Worker worker = new(poller);
TaskServer server = new(loop, front, worker);
front.ReceiveReady += (_, _) => server.Accept(front.ReceiveMultipartMessage());
poller.Add(front);

Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    loop.AddCallbackFromSignal(loop.Stop);
};
Console.WriteLine("serving on " + front.Options.LastEndpoint);
loop.Start();
Console.WriteLine($"answered {server.Answered}");
