using ZmqLoop.Streams;

namespace OrderService;

/// <summary>What the service does: an order is paid, written down, and told of.</summary>
internal sealed class Orders(
    Book book, [FromKeyedServices("payments")] RequestClient payments, [FromKeyedServices("events")] ZMQStream events)
{
    private const int Price = 7;

    public async Task<Placed> PlaceAsync(Order order, CancellationToken stop)
    {
        if (order.Count < 1) throw new RemoteException("bad-order", "An order is of one or more.");
        if (book.Find(order.Id) is { } before) return before; // asked again, since the answer was lost
        // May be asked again: payments know orders by their ids, too.
        Receipt receipt = await payments.RequestAsync<Payment, Receipt>(new Payment(order.Id, order.Count * Price), "pay",
            cancellationToken: stop);
        Placed placed = book.Write(new Placed(order.Id, order.Item, order.Count, receipt.Number));
        events.Publish("placed", placed);
        return placed;
    }

    public Task<Placed> FindAsync(Query query) => book.Find(query.Id) is { } placed
        ? Task.FromResult(placed) : throw new RemoteException("no-order", "There is no such order.");

    /// <summary>What clients are told where something throws; what it was, the log says.</summary>
    public static RemoteException? Explain(ReceivedRequest request, Exception exception) => exception is RequestTimeoutException
        ? new RemoteException("payments-away", "Nobody takes payments now: ask again later, by the same id.")
        : exception is RemoteException { Code: "declined" } declined ? declined // the payments' word, passed on as it is
        : new RemoteException("internal", "It is our fault.");
}
