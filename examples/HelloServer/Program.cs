using ZmqLoop;
using ZmqLoop.Streams;

ZMQIOLoop loop = ZMQIOLoop.Install();
using ZMQStream server = new(ZMQSocket.Create(SocketType.Rep), loop);
server.Bind(args.Length > 0 ? args[0] : "tcp://127.0.0.1:5555");
server.OnRecv(request => server.Send(request.Reply("hello " + request[0].ToText())));
loop.StopOnSignals(() => server.FinishAsync(TimeSpan.FromSeconds(5)));
loop.Start();
