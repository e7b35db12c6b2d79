using System.Text.Json.Serialization;

namespace ZmqLoop.Streams.Tests.Serialization;

[JsonSerializable(typeof(Point))]
[JsonSerializable(typeof(string))]
internal sealed partial class TypedContext : JsonSerializerContext;
