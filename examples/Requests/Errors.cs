using System.Globalization;
using ZmqLoop;
using ZmqLoop.Streams;

namespace Requests;

internal static class Errors
{
    public static void Run()
    {
        using ZMQIOLoop loop = new();
        using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop);
        using Responder responder = new(ZMQSocket.Create(SocketType.Router), loop, new ResponderOptions
        {
            ErrorReply = (request, error) => error is FormatException ? null // its type and message
                : new RemoteException("internal", $"'{request.Name}' failed; the log says more."), // strangers need not know
        });
        loop.UnhandledException += (_, error) => Console.WriteLine($"log: {error.Exception.Message}");
        responder.OnRequest("half", request => new Message($"{int.Parse(request.Body[0].Span, CultureInfo.InvariantCulture) / 2}"));
        responder.OnRequest("save", _ => throw new IOException("/var/lib/shop/orders is full"));
        responder.OnRequest("buy", _ => throw new RemoteException("sold-out", "There is none left.")); // no failure: an answer
        client.Connect($"tcp://127.0.0.1:{responder.BindToRandomPort("tcp://127.0.0.1")}");

        loop.RunSync(async () =>
        {
            foreach (string name in (string[])["half", "save", "buy", "steal"])
            {
                try
                {
                    await client.RequestAsync(new Message(name, "soup"));
                }
                catch (RemoteException error)
                {
                    Console.WriteLine($"{error.Code}: {error.Message}");
                }
            }
        });
    }
}
