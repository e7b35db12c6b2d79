using ZmqLoop;
using ZmqLoop.Streams;

namespace Requests;

internal static class Times
{
    public static void Run()
    {
        using ZMQIOLoop loop = new();
        using Responder responder = new(ZMQSocket.Create(SocketType.Router), loop);
        using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop, new RequestClientOptions { MaxInFlight = 100 });
        int asked = 0;
        responder.OnRequest("lossy", async (_, cancelled) =>
        {
            if (++asked < 3) await loop.Delay(TimeSpan.FromMinutes(1), cancelled); // as if the answer had been lost
            return new Message($"try {asked}");
        });
        responder.OnRequest("slow", async (_, cancelled) =>
        {
            try
            {
                await loop.Delay(TimeSpan.FromMinutes(1), cancelled);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine("the handler hears of it, since the client told its time");
            }

            return new Message("too late");
        });
        client.Connect($"tcp://127.0.0.1:{responder.BindToRandomPort("tcp://127.0.0.1")}");

        loop.RunSync(async () =>
        {
            // The whole request, tries and pauses included, has so long.
            RequestOptions impatient = client.Options with { Timeout = TimeSpan.FromSeconds(0.2), TellsTimeLeft = true };
            try
            {
                await client.RequestAsync(new Message("slow"), impatient);
            }
            catch (RequestTimeoutException error)
            {
                Console.WriteLine($"sent {error.TimesSent} times, {error.InFlight} in flight");
            }

            // Reading is safe to repeat: sent again 50 ms and a pause later, of 20 ms, then 40, then 80.
            RequestOptions stubborn = client.Options with
            {
                Retries = 3, TryTimeout = TimeSpan.FromSeconds(0.05), Backoff = TimeSpan.FromSeconds(0.02),
            };
            Console.WriteLine((await client.RequestAsync(new Message("lossy"), stubborn))[0].ToText());
            Console.WriteLine($"late answers: {client.LateAnswers}");
        });
    }
}
