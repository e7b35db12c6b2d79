using ZmqLoop;
using ZmqLoop.Streams;

namespace PubSub;

internal static class LastValues
{
    public static void Run()
    {
        ZMQIOLoop loop = ZMQIOLoop.Install();
        using ZMQStream prices = new(ZMQSocket.Create(SocketType.XPub), loop);
        prices.Socket.XPubVerbose = true; // tells of each subscription, and not only of a topic's first
        prices.Bind("tcp://127.0.0.1:*");
        Dictionary<string, string> last = new() { ["apples"] = "17" }; // of before anybody was there

        prices.OnRecv(subscription =>
        {
            string text = subscription[0].ToText();
            if (text[0] == '\u0001' && last.TryGetValue(text[1..], out string? price)) // '\0' ends one
                prices.Send(new Message(text[1..], price));
        });

        using ZMQStream reader = new(ZMQSocket.Create(SocketType.Sub), loop);
        reader.Socket.Subscribe("apples");
        reader.Connect(prices.Socket.LastEndpoint);
        reader.OnRecv(news =>
        {
            Console.WriteLine($"{news[0].ToText()} {news[1].ToText()}");
            if (news[1].ToText() == "17") Publish("apples", "18"); // it is there now, and hears it
            else loop.Stop();
        });
        loop.Start();

        void Publish(string topic, string price)
        {
            last[topic] = price;
            prices.Send(new Message(topic, price));
        }
    }
}
