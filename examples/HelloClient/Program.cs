using ZmqLoop;
using ZmqLoop.Streams;

ZMQIOLoop loop = ZMQIOLoop.Install();
using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop);
client.Connect(args.Length > 0 ? args[0] : "tcp://127.0.0.1:5555");
Message answer = loop.RunSync(() => client.RequestAsync(new Message("world")));
Console.WriteLine(answer[0].ToText());
