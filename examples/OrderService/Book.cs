using System.Collections.Concurrent;

namespace OrderService;

/// <summary>Where orders are written down: in a service of yours, a database.</summary>
internal sealed class Book
{
    private readonly ConcurrentDictionary<string, Placed> _placed = [];

    public Placed? Find(string id) => _placed.GetValueOrDefault(id);

    public Placed Write(Placed placed) => _placed.GetOrAdd(placed.Id, placed);
}
