using System.Text.Json.Serialization;

namespace TypedMessages;

/// <summary>The contracts, which the compiler writes: nothing is looked at while the program runs.</summary>
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Bill))]
internal sealed partial class ShopContext : JsonSerializerContext;
