using System.Diagnostics;
using ZmqLoop;
using ZmqLoop.Streams;

namespace Streams;

internal static class Traces
{
    public static void Run()
    {
        using ActivityListener listener = new() // in a service, OpenTelemetry: AddSource(ZmqLoopTelemetry.ActivitySourceName)
        {
            ShouldListenTo = source => source.Name == ZmqLoopTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);

        using ZMQIOLoop loop = new();
        ZMQStreamOptions options = new() { Name = "orders", PropagateTrace = true };
        using ZMQStream worker = new(ZMQSocket.Create(SocketType.Pull), loop, options);
        using ZMQStream shop = new(ZMQSocket.Create(SocketType.Push), loop, options);
        ActivityTraceId trace = default;
        worker.OnRecv(async order =>
        {
            Activity? processing = Activity.Current;
            await loop.Delay(0.01);
            Console.WriteLine($"{processing!.DisplayName}: {order[0].ToText()}, the trace of the shop: {processing.TraceId == trace}");
            Console.WriteLine($"after the await: {Activity.Current == processing}");
            loop.Stop();
        });
        shop.Connect($"tcp://127.0.0.1:{worker.BindToRandomPort("tcp://127.0.0.1")}");
        using (Activity request = new Activity("checkout").Start())
        {
            trace = request.TraceId;
            shop.Send("3 apples");
        }

        loop.Start();
    }
}
