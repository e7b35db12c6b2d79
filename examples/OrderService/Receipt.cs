namespace OrderService;

/// <summary>What it answers.</summary>
internal sealed record Receipt(int Number);
