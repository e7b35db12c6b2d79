using Cluster;
using ZmqLoop;

using ZMQIOLoop loop = ZMQIOLoop.Install();
switch (args)
{
    case ["broker", var requests, var workers, var eventsIn, var eventsOut]:
        using (new Broker(loop, requests, workers, eventsIn, eventsOut)) loop.Start();
        return 0;
    case ["worker", var address, var broker, var events]:
        using (Worker worker = new(loop, address, broker, events)) worker.Run();
        return 0;
    case ["client", var broker, var count]:
        return Client.Run(loop, broker, int.Parse(count));
    case ["watch", var events]:
        Watch.Run(loop, events);
        return 0;
    case ["probe", var endpoint]:
        return Probe.Run(loop, endpoint);
    default:
        Console.Error.WriteLine("""
            Cluster broker tcp://*:5555 tcp://*:5556 tcp://*:5557 tcp://*:5558   for requests, workers, events in, events out
            Cluster worker tcp://ITS-OWN-ADDRESS:5559 tcp://BROKER:5556 tcp://BROKER:5557
            Cluster client tcp://BROKER:5555 COUNT
            Cluster watch  tcp://BROKER:5558
            Cluster probe  tcp://BROKER-OR-WORKER:PORT                            ends with 0 where it answers
            """);
        return 2;
}
