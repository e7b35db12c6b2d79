using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NetMQ;
using ZmqLoop;
using ZmqLoop.LowLevel;
using ZmqLoop.Streams;
using SocketType = ZmqLoop.SocketType;

// What is promised of Native AOT, in one small program: it answers, hostile peers do not end it, and what it sends before it ends arrives.
// AotTests publishes it, reads what it says, and is the peer at args[0] that gets its messages.
const int Messages = 4000;
int contained = 0;
using MeterListener meter = new();
meter.InstrumentPublished = static (instrument, listener) =>
{
    if (instrument.Meter.Name == NetMQTelemetry.MeterName) listener.EnableMeasurementEvents(instrument);
};
meter.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref contained, (int)count));
meter.Start();

ZMQIOLoop loop = ZMQIOLoop.Install();
using (IPoller poller = loop.Engine.CreatePoller()) Console.WriteLine($"waits with {poller.GetType().Name}");
loop.RunSync(RunAsync);
loop.Dispose();
NetMQConfig.Cleanup();
Console.WriteLine("ended");

async Task RunAsync()
{
    await using ZMQStream server = new(ZMQSocket.Create(SocketType.Router));
    await using ZMQStream client = new(ZMQSocket.Create(SocketType.Dealer));
    int port = server.Socket.BindToRandomPort("tcp://127.0.0.1");
    client.Connect($"tcp://127.0.0.1:{port}");
    server.OnRecv(request => server.Send(request.Reply("re: " + request[^1].ToText())));
    Console.WriteLine(await AskAsync(client, "first"));
    foreach (string kind in HostileInputs.Known) await AttackAsync(port, HostileInputs.OfKind(kind));
    Console.WriteLine(await AskAsync(client, "after the attacks"));
    Console.WriteLine($"contained {Volatile.Read(ref contained)}");

    ZMQStream push = new(ZMQSocket.Create(SocketType.Push));
    push.Connect(args[0]);
    for (int i = 0; i < Messages; i++) push.Send(i.ToString(CultureInfo.InvariantCulture).PadRight(100, '.'));
    await push.CloseAsync(TimeSpan.FromSeconds(60));
}

static async Task<string> AskAsync(ZMQStream client, string question)
{
    client.Send(new Message("", question));
    using Message answer = await client.ReceiveAsync();
    return answer[^1].ToText();
}

// Until the other side has closed.
static async Task AttackAsync(int port, HostileInput input)
{
    using Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
    await socket.ConnectAsync(IPAddress.Loopback, port);
    byte[] answer = new byte[4096];
    try
    {
        await socket.SendAsync(input.Bytes, SocketFlags.None);
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(answer, SocketFlags.None) > 0)
        {
            // Whatever it says.
        }
    }
    catch (SocketException)
    {
        // Closed, in the middle of it.
    }
}
