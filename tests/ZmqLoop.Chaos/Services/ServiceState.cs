namespace ZmqLoop.Chaos.Services;

/// <summary>How a service is.</summary>
/// <param name="Heap">Bytes that are reachable.</param>
/// <param name="Received">Messages that its targets were given.</param>
/// <param name="Reported">Exceptions that its loop was told of.</param>
/// <param name="LastReport">The last of them.</param>
internal sealed record ServiceState(long Heap, Dictionary<string, long> Received, long Reported, string LastReport);
