using System.Text.Json.Nodes;
using TypedMessages;
using ZmqLoop;
using ZmqLoop.Streams;

foreach (IFrameSerializer serializer in (IFrameSerializer[])[new JsonFrameSerializer(ShopContext.Default), new ProtobufSerializer()])
{
    using ZMQIOLoop loop = new();
    using Responder shop = new(ZMQSocket.Create(SocketType.Router), loop, new ResponderOptions { Serializer = serializer });
    using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop, new RequestClientOptions { Serializer = serializer });
    shop.OnRequest<Order, Bill>("buy", (order, _) => new Bill { Total = order.Count * 7 });
    shop.OnRequestJson("price", (order, _) => (int)order["count"]! * 7); // JSON without a contract, whatever the serializer is
    client.Connect($"tcp://127.0.0.1:{shop.BindToRandomPort("tcp://127.0.0.1")}");

    // The same on streams that only send and receive.
    using ZMQStream orders = new(ZMQSocket.Create(SocketType.Pull), loop, new ZMQStreamOptions { Serializer = serializer });
    using ZMQStream till = new(ZMQSocket.Create(SocketType.Push), loop, new ZMQStreamOptions { Serializer = serializer });
    loop.UnhandledException += (_, error) => Console.WriteLine($"reported: {error.Exception.GetType().Name}");
    TaskCompletionSource received = new();
    orders.OnRecv<Order>(order =>
    {
        Console.WriteLine($"{order.Count} {order.Item}");
        received.SetResult();
    });
    till.Connect($"tcp://127.0.0.1:{orders.BindToRandomPort("tcp://127.0.0.1")}");
    till.Send("<order/>"); // a frame that is no order
    till.Send(new Order { Item = "apples", Count = 3 });

    loop.RunSync(async () =>
    {
        Bill bill = await client.RequestAsync<Order, Bill>(new Order { Item = "pears", Count = 6 }, "buy");
        JsonNode price = await client.RequestJsonAsync(new JsonObject { ["count"] = 2 }, "price");
        await received.Task;
        Console.WriteLine($"{serializer.GetType().Name}: {bill.Total} and {price}");
    });
}
