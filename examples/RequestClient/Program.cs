using ZmqLoop;
using ZmqLoop.Streams;

ZMQIOLoop loop = ZMQIOLoop.Install();
using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop);
client.Connect(args.Length > 0 ? args[0] : "tcp://127.0.0.1:5556");
loop.RunSync(async () =>
{
    Message[] roots = await Task.WhenAll(Enumerable.Range(1, 9).Select(n => client.RequestAsync(new Message("root", $"{n * n}"))));
    Console.WriteLine(string.Join(' ', roots.Select(root => root[0].ToText())));
    try { await client.RequestAsync(new Message("root", "soup")); }
    catch (RemoteException error) { Console.WriteLine($"{error.Code}: {error.Message}"); }
});
