using NetMQ;
using NetMQ.Monitoring;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>What NetMQ offers for its poller runs on our loop as it is.</summary>
public sealed class EcosystemTests
{
    [Fact]
    public void A_monitor_tells_of_listening_accepting_and_leaving()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        ResponseSocket server = world.Own(new ResponseSocket());
        using (NetMQMonitor monitor = new(server, NetMQWorld.Inproc(), SocketEvents.All))
        {
            monitor.EventReceived += (_, args) => world.Log.Add($"{args.SocketEvent}");
            monitor.AttachToPoller(poller);
            int port = server.BindRandomPort("tcp://127.0.0.1");
            RequestSocket client = world.Own(new RequestSocket());
            client.Connect($"tcp://127.0.0.1:{port}");
            world.RunUntil(() => world.Log.Contains("Accepted"));
            client.Dispose();
            world.RunUntil(() => world.Log.Contains("Disconnected"));
        }

        Assert.Equal(["Listening", "Accepted", "Disconnected"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_proxy_passes_messages_both_ways()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        RouterSocket front = world.Own(new RouterSocket());
        DealerSocket back = world.Own(new DealerSocket());
        (string frontName, string backName) = (NetMQWorld.Inproc(), NetMQWorld.Inproc());
        front.Bind(frontName);
        back.Bind(backName);
        RequestSocket client = world.Own(new RequestSocket());
        ResponseSocket server = world.Own(new ResponseSocket());
        client.Connect(frontName);
        server.Connect(backName);
        server.ReceiveReady += (_, args) => args.Socket.SendFrame("re: " + args.Socket.ReceiveFrameString());
        poller.Add(front);
        poller.Add(back);
        poller.Add(server);
        Proxy proxy = new(front, back, poller: poller);
        proxy.Start();
        client.SendFrame("question");
        string? answer = null;
        world.RunUntil(() => client.TryReceiveFrameString(out answer));
        Assert.Equal("re: question", answer);
        proxy.Stop();
    }

    [Fact]
    public void A_queue_brings_what_other_threads_put_in()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        using NetMQQueue<int> queue = new();
        List<int> received = [];
        queue.ReceiveReady += (_, args) => received.Add(args.Queue.Dequeue());
        poller.Add(queue);
        Thread producer = new(() =>
        {
            for (int i = 0; i < 1000; i++) queue.Enqueue(i);
        });
        producer.Start();
        world.RunUntil(() => received.Count == 1000);
        producer.Join();
        Assert.Equal(Enumerable.Range(0, 1000), received);
        poller.RemoveAndDispose(queue);
        Assert.True(queue.IsDisposed);
    }

    [Fact]
    public void An_actor_talks_to_its_owner_on_the_loop()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        using NetMQActor actor = NetMQActor.Create(static shim =>
        {
            shim.SignalOK();
            while (shim.ReceiveFrameString() is var command && command != NetMQActor.EndShimMessage) shim.SendFrame("did " + command);
        });
        actor.ReceiveReady += (_, args) => world.Log.Add(args.Actor.ReceiveFrameString());
        poller.Add(actor);
        actor.SendFrame("this");
        actor.SendFrame("that");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["did this", "did that"], world.Log);
        poller.Remove(actor);
    }

    [Fact]
    public void A_beacon_is_heard()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        using NetMQBeacon speaker = new();
        using NetMQBeacon listener = new();
        speaker.ConfigureAllInterfaces(9_999);
        listener.ConfigureAllInterfaces(9_999);
        listener.Subscribe("");
        speaker.Publish("here I am", TimeSpan.FromMilliseconds(50));
        Assert.SkipUnless(listener.TryReceive(TimeSpan.FromSeconds(1), out _), "Broadcasts do not get through here.");
        listener.ReceiveReady += (_, args) => world.Log.Add(args.Beacon.Receive().String);
        poller.Add(listener);
        world.RunUntil(() => world.Log.Count > 0);
        Assert.Equal("here I am", world.Log[0]);
        poller.Remove(listener);
    }

    [Fact]
    public void CURVE_lets_the_right_key_through_and_keeps_the_wrong_one_out()
    {
        using NetMQWorld world = new(new NetMQEngineOptions { AllowUnenforcedCurve = true });
        CurveKeyPair serverKeys = world.Loop.Engine.CreateCurveKeyPair();
        CurveKeyPair clientKeys = world.Loop.Engine.CreateCurveKeyPair();
        ZMQSocket server = world.Own(world.Loop.Engine.CreateSocket(SocketType.Pull));
        server.CurveServer = true;
        server.CurveSecretKey = serverKeys.SecretKey;
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        Connect(clientKeys.PublicKey).TrySend(new Message("wrong"));
        ZMQSocket friend = Connect(serverKeys.PublicKey);
        Assert.Equal(clientKeys.PublicKey, friend.CurvePublicKey);
        Assert.True(friend.TrySend(new Message("right")));
        Message? message = null;
        Deadline.WaitUntil(() => server.TryReceive(out message));
        Assert.Equal("[right]", message!.ToString());
        Assert.False(server.TryReceive(out _));

        ZMQSocket Connect(byte[] serverKey)
        {
            ZMQSocket client = world.Own(world.Loop.Engine.CreateSocket(SocketType.Push));
            client.CurvePublicKey = clientKeys.PublicKey;
            client.CurveSecretKey = clientKeys.SecretKey;
            client.CurveServerKey = serverKey;
            client.Connect($"tcp://127.0.0.1:{port}");
            return client;
        }
    }
}
