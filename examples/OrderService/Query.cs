namespace OrderService;

/// <summary>Asks for an order.</summary>
internal sealed record Query(string Id);
