namespace OrderService;

/// <summary>An order that is paid.</summary>
internal sealed record Placed(string Id, string Item, int Count, int Receipt);
