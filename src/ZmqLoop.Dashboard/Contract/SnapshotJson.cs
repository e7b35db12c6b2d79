using System.Text.Json.Serialization;

namespace ZmqLoop.Dashboard;

/// <summary>How snapshots are written: made by the compiler, so that a program that is compiled ahead of time can.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Snapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
