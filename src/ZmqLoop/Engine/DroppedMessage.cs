namespace ZmqLoop.LowLevel;

/// <summary>A message that was larger than its socket may receive: it was read to its end and thrown away. See
/// <see cref="ZMQSocketExtensions"/>.</summary>
/// <param name="Frames">How many it had.</param>
/// <param name="Bytes">How many they had together.</param>
/// <param name="Peer">Where it came from, as far as the engine tells: an address over libzmq, a routing id on a ROUTER over NetMQ; else
/// null.</param>
public readonly record struct DroppedMessage(int Frames, long Bytes, string? Peer);
