using ZmqLoop;
using ZmqLoop.Streams;

namespace Security;

internal static class Keys
{
    public static void Run()
    {
        // Once, and with the secret files left where they belong: pyzmq and czmq read the same ones.
        string folder = Directory.CreateTempSubdirectory("keys-").FullName;
        string friends = Directory.CreateDirectory(Path.Combine(folder, "friends")).FullName;
        CurveCertificate server = CurveCertificate.Load(CurveCertificate.Create(folder, "server").SecretFile);
        CurveCertificate alice = CurveCertificate.Load(CurveCertificate.Create(friends, "alice").SecretFile);
        CurveCertificate stranger = CurveCertificate.Load(CurveCertificate.Create(folder, "stranger").SecretFile);

        ZMQIOLoop loop = ZMQIOLoop.Install();
        using Authenticator authenticator = new();
        authenticator.ConfigureCurve(Authenticator.AnyDomain, friends); // *.key
        authenticator.Start();

        using ZMQStream service = new(ZMQSocket.Create(SocketType.Rep));
        service.Socket.CurveServer = true;
        service.Socket.CurveSecretKey = server.SecretKey!;
        service.Bind("tcp://127.0.0.1:*");
        service.OnRecv(request =>
        {
            bool isAlice = request[0].GetProperty("User-Id") == Z85.Encode(alice.PublicKey);
            service.Send($"hello {(isAlice ? "Alice" : "whoever you are")}");
        }, copy: false);

        using SocketMonitor monitor = new(service.Socket, events: ZMQSocketEvents.HandshakeFailedAuth);
        ZMQStream first = Connect(stranger);
        monitor.OnEvent(refused =>
        {
            Console.WriteLine(refused.Reason);
            monitor.Close();
            first.Close();
            ZMQStream second = Connect(alice);
            second.OnRecv(reply =>
            {
                Console.WriteLine(reply[0].ToText());
                loop.Stop();
            });
            second.Send("hello");
        });
        loop.Start();
        Directory.Delete(folder, recursive: true);

        ZMQStream Connect(CurveCertificate own)
        {
            ZMQStream client = new(ZMQSocket.Create(SocketType.Req));
            client.Socket.CurvePublicKey = own.PublicKey;
            client.Socket.CurveSecretKey = own.SecretKey!;
            client.Socket.CurveServerKey = server.PublicKey;
            client.Connect(service.Socket.LastEndpoint);
            return client;
        }
    }
}
