using System.Text.Json.Serialization;

namespace OrderService;

[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Query))]
[JsonSerializable(typeof(Placed))]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(Receipt))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ShopContext : JsonSerializerContext;
