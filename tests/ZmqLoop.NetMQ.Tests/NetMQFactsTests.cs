using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>What NetMQ does, whatever the loop, as docs/netmq.md says it: where one of these fails, that page is no longer true.</summary>
public sealed class NetMQFactsTests
{
    [Fact]
    public void Over_inproc_the_receiver_of_an_owned_frame_has_the_very_array()
    {
        using NetMQEngine engine = new();
        using ZMQSocket sender = engine.CreateSocket(SocketType.Push);
        using ZMQSocket receiver = engine.CreateSocket(SocketType.Pull);
        string name = NetMQWorld.Inproc();
        receiver.Bind(name);
        sender.Connect(name);
        byte[] bytes = new byte[1000];
        Message? received = null;
        Deadline.WaitUntil(() => sender.TrySend(new Message(Frame.Own(bytes))));
        Deadline.WaitUntil(() => receiver.TryReceive(out received));
        Assert.Equal(0, received![0].Span[7]);
        bytes[7] = 77;
        Assert.Equal(77, received[0].Span[7]);
    }

    [Fact]
    public void What_is_lent_is_given_back_at_once()
    {
        using NetMQEngine engine = new();
        Message message = new();
        Assert.True(message.Lend(new byte[1000], engine).IsCompletedSuccessfully);
        Assert.Equal(1000, message.Size);
    }

    [Fact]
    public void SendReady_of_a_socket_that_can_send_is_raised_again_and_again()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket socket, _) = world.Pair();
        int raised = 0;
        socket.SendReady += (_, _) => raised++;
        poller.Add(socket);
        world.RunUntil(() => raised > 100);
    }

    [Fact]
    public void Enqueue_of_a_queue_with_a_capacity_waits_for_room_and_AddCallback_does_not()
    {
        const int Capacity = 10;
        const int Count = 5000;
        using NetMQWorld world = new();
        using NetMQQueue<int> queue = new(Capacity);
        int enqueued = 0;
        Thread producer = new(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                queue.Enqueue(i);
                Volatile.Write(ref enqueued, i + 1);
            }
        });
        producer.Start();
        int posted = 0;
        for (int i = 0; i < 10_000; i++) world.Loop.AddCallback(() => posted++); // while nobody runs them
        int ahead = 0;
        for (int i = 0; i < Count; i++)
        {
            ahead = Math.Max(ahead, Volatile.Read(ref enqueued) - i);
            Assert.Equal(i, queue.Dequeue());
        }

        Assert.True(producer.Join(Deadline.Default));
        Assert.InRange(ahead, 1, 3 * Capacity); // what the pipes between hold
        world.RunUntil(() => posted == 10_000);
    }
}
