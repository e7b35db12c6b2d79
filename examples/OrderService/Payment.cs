namespace OrderService;

/// <summary>What the service of payments is asked.</summary>
internal sealed record Payment(string OrderId, int Amount);
