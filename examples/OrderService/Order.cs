namespace OrderService;

/// <summary>What a client orders, by an id of its own.</summary>
internal sealed record Order(string Id, string Item, int Count);
