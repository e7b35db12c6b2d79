namespace ZmqLoop.Streams.Tests.Serialization;

internal sealed record Point(int X, int Y);
