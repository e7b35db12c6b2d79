using ZmqLoop;
using ZmqLoop.Streams;

namespace Security;

internal static class Passwords
{
    public static void Run()
    {
        ZMQIOLoop loop = ZMQIOLoop.Install();
        using Authenticator authenticator = new();
        authenticator.Allow("127.0.0.1"); // and from nowhere else
        authenticator.ConfigurePlain("shop", new Dictionary<string, string> { ["alice"] = "wonderland" });
        authenticator.Start(); // before the servers

        using ZMQStream server = new(ZMQSocket.Create(SocketType.Pull));
        server.Socket.PlainServer = true;
        server.Socket.ZapDomain = "shop";
        server.Bind("tcp://127.0.0.1:*");
        server.OnRecv(message =>
        {
            Console.WriteLine($"{message[0].GetProperty("User-Id")} says {message[0].ToText()}");
            loop.Stop();
        }, copy: false); // a frame of libzmq's knows who sent it, a copy does not

        using SocketMonitor monitor = new(server.Socket, events: ZMQSocketEvents.HandshakeFailedAuth);
        ZMQStream mallory = Connect("mallory", "12345");
        monitor.OnEvent(refused =>
        {
            Console.WriteLine(refused.Reason);
            monitor.Close();
            mallory.Close();
            Connect("alice", "wonderland").Send("hello");
        });
        loop.Start();

        ZMQStream Connect(string name, string password)
        {
            ZMQStream client = new(ZMQSocket.Create(SocketType.Push));
            client.Socket.PlainUsername = name;
            client.Socket.PlainPassword = password;
            client.Connect(server.Socket.LastEndpoint);
            return client;
        }
    }
}
