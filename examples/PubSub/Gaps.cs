using ZmqLoop;
using ZmqLoop.Streams;

namespace PubSub;

internal static class Gaps
{
    public static void Run()
    {
        ZMQIOLoop loop = ZMQIOLoop.Install();
        using ZMQStream news = new(ZMQSocket.Create(SocketType.XPub), loop);
        news.Bind("tcp://127.0.0.1:*");
        using ZMQStream reader = new(ZMQSocket.Create(SocketType.Sub), loop);
        reader.Socket.Subscribe("");
        reader.Connect(news.Socket.LastEndpoint);

        int expected = 1;
        reader.OnRecv(message =>
        {
            int number = int.Parse(message[0].Span);
            if (number != expected) Console.WriteLine($"missed {expected} to {number - 1}: ask for the state anew");
            expected = number + 1;
            if (number == 4) loop.Stop();
        });
        news.OnRecv(_ => // the reader has subscribed
        {
            foreach (int number in (int[])[1, 4]) news.Send($"{number}"); // 2 and 3 were dropped, as a full queue does
        });
        loop.Start();
    }
}
