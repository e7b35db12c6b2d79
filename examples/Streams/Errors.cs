using System.Globalization;
using ZmqLoop;
using ZmqLoop.Streams;

namespace Streams;

internal static class Errors
{
    public static void Run()
    {
        using LibZmqEngine engine = new();
        using ZMQIOLoop loop = new(engine);
        using ZMQStream server = new(engine.CreateSocket(SocketType.Router), loop);
        using ZMQStream client = new(engine.CreateSocket(SocketType.Dealer), loop);
        server.Bind("inproc://roots");
        client.Connect("inproc://roots");

        // What no stack context consumes is reported once, with the stream and the message; the stream goes on.
        loop.UnhandledException += (_, error) =>
            Console.WriteLine($"reported: {error.Exception.GetType().Name}, for {((Message)error.Origin.Item!).Body[0].ToText()}");
        server.OnRecv(request =>
            server.Send(request.Reply($"{Math.Sqrt(double.Parse(request.Body[0].Span, CultureInfo.InvariantCulture))}")));

        loop.RunSync(async () =>
        {
            foreach (string number in (string[])["soup", "16"]) client.Send(number);
            Console.WriteLine((await client.ReceiveAsync())[0].ToText());

            // A send that fails is told to whoever sent it.
            server.Send(new Message("nobody", "hello"), (message, error) => Console.WriteLine($"callback: {((ZMQException)error!).Code}"));
            try
            {
                await server.SendAsync(new Message("nobody", "hello"));
            }
            catch (ZMQException error)
            {
                Console.WriteLine($"await: {error.Code}");
            }
        });
    }
}
