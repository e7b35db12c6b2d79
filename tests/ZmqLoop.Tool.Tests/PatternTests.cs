using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>Each pattern with pyzmq on the other side.</summary>
public sealed class PatternTests
{
    private const string Anywhere = "tcp://127.0.0.1:*";

    [Fact]
    public async Task Push_sends_its_arguments_as_frames_and_each_line_of_stdin_as_a_message()
    {
        using ToolProcess pull = PyzmqPeer.Start("""
            s = socket(zmq.PULL); print(s.bind_to_random_port("tcp://127.0.0.1"), flush=True)
            for _ in range(3): print(s.recv_multipart(), flush=True)
            """, "");
        string endpoint = "tcp://127.0.0.1:" + await pull.ReadLineAsync();
        (await ToolProcess.RunAsync(["push", "--connect", endpoint, "a", "b c"])).With(0);
        (await ToolProcess.RunAsync(["push", "--connect", endpoint, "--frames", "|"], "one|two\nthree\n")).With(0);
        Assert.Equal(["[b'a', b'b c']", "[b'one', b'two']", "[b'three']"], (await pull.EndAsync()).With(0).Lines);
    }

    [Fact]
    public async Task Pull_writes_what_comes_until_it_has_counted_enough()
    {
        using ToolProcess pull = ToolProcess.Start("pull", "--bind", Anywhere, "--count", "2");
        await PyzmqPeer.RunAsync("""
            s = connected(zmq.PUSH)
            for m in ([b"a", b"b"], [b"c"]): s.send_multipart(m)
            """, pull.Endpoint());
        Assert.Equal("a\tb\nc\n", (await pull.EndAsync()).With(0).Output);
    }

    [Fact]
    public async Task Pub_waits_for_a_subscriber_so_that_its_only_message_is_not_lost()
    {
        using ToolProcess pub = ToolProcess.Start("pub", "--bind", Anywhere, "weather.berlin", "sunny");
        string[] heard = await PyzmqPeer.RunAsync("""
            s = connected(zmq.SUB, lambda s: s.subscribe(b"weather"))
            print(s.recv_multipart())
            """, pub.Endpoint());
        Assert.Equal(["[b'weather.berlin', b'sunny']"], heard);
        (await pub.EndAsync()).With(0);
    }

    [Fact]
    public async Task Pub_drops_nothing_of_a_file_for_a_subscriber_who_is_slow()
    {
        const int Count = 20_000;
        using ToolProcess pub = ToolProcess.Start("pub", "--bind", Anywhere, "--stats", "--linger", "60s");
        using ToolProcess sub = PyzmqPeer.Start("""
            s = connected(zmq.SUB, lambda s: s.subscribe(b""))
            sys.stdin.readline()
            print(len([s.recv() for _ in range(int(arguments[0]))]))
            """, pub.Endpoint(), $"{Count}");
        await pub.Input.WriteAsync(string.Concat(Enumerable.Repeat(new string('x', 1000) + "\n", Count)));
        pub.Input.Close();
        Deadline.WaitUntil(() => pub.Errors.Contains("in all, ", StringComparison.Ordinal), () => pub.Errors); // the socket has all
        Assert.Equal([$"{Count}"], (await sub.EndAsync("read\n")).With(0).Lines);
    }

    [Fact]
    public async Task Sub_hears_its_topics_alone()
    {
        using ToolProcess sub = ToolProcess.Start("sub", "--bind", Anywhere, "a", "b", "--count", "2");
        await PyzmqPeer.RunAsync("""
            s = connected(zmq.XPUB, lambda s: s.setsockopt(zmq.XPUB_VERBOSE, 1))
            assert {s.recv(), s.recv()} == {b"\x01a", b"\x01b"}
            for m in (b"a1", b"c1", b"b1"): s.send(m)
            """, sub.Endpoint());
        Assert.Equal(["a1", "b1"], (await sub.EndAsync()).With(0).Lines);
    }

    [Fact]
    public async Task Req_asks_a_line_at_a_time_and_writes_the_answers()
    {
        using ToolProcess rep = PyzmqPeer.Start("""
            s = socket(zmq.REP); print(s.bind_to_random_port("tcp://127.0.0.1"), flush=True)
            for _ in range(3): s.send(s.recv().upper())
            """, "");
        string endpoint = "tcp://127.0.0.1:" + await rep.ReadLineAsync();
        Assert.Equal(["ONE", "TWO", "THREE"],
            (await ToolProcess.RunAsync(["req", "--connect", endpoint], "one\ntwo\nthree")).With(0).Lines);
        (await rep.EndAsync()).With(0);
    }

    [Fact]
    public async Task Rep_answers_by_its_template()
    {
        using ToolProcess rep = ToolProcess.Start("rep", "--bind", Anywhere, "--count", "2",
            "--reply", "{\"hello\":\"{0}\"}", "{n} {{n}}", "{frames}");
        string[] answers = await PyzmqPeer.RunAsync("""
            s = connected(zmq.REQ)
            for m in ([b"a", b"\xff"], [b"b"]):
                s.send_multipart(m)
                print(s.recv_multipart())
            """, rep.Endpoint());
        Assert.Equal(["[b'{\"hello\":\"a\"}', b'1 {n}', b'a', b'\\xff']", "[b'{\"hello\":\"b\"}', b'2 {n}', b'b']"], answers);
        Assert.Equal(["a\t\\xff", "b"], (await rep.EndAsync()).With(0).Lines);
    }

    [Fact]
    public async Task Dealer_sends_frames_as_they_are_and_takes_the_answer()
    {
        using ToolProcess router = PyzmqPeer.Start("""
            s = socket(zmq.ROUTER); print(s.bind_to_random_port("tcp://127.0.0.1"), flush=True)
            m = s.recv_multipart(); print(m, flush=True); s.send_multipart([m[0], b"yes"])
            """, "");
        string endpoint = "tcp://127.0.0.1:" + await router.ReadLineAsync();
        Ending dealer = await ToolProcess.RunAsync(["dealer", "--connect", endpoint, "--identity", "me", "--count", "1", "", "q"]);
        Assert.Equal(["yes"], dealer.With(0).Lines);
        Assert.Equal(["[b'me', b'', b'q']"], (await router.EndAsync()).With(0).Lines);
    }

    [Fact]
    public async Task Router_answers_requests_and_plain_messages_each_in_its_own_envelope()
    {
        using ToolProcess router =
            ToolProcess.Start("router", "--bind", Anywhere, "--count", "2", "--format", "json", "--reply", "got {0}");
        string[] answers = await PyzmqPeer.RunAsync("""
            r = connected(zmq.REQ, lambda s: s.setsockopt(zmq.IDENTITY, b"r"))
            r.send(b"a"); print(r.recv())
            d = connected(zmq.DEALER, lambda s: s.setsockopt(zmq.IDENTITY, b"d\xff"))
            d.send(b"b"); print(d.recv_multipart())
            """, router.Endpoint());
        Assert.Equal(["b'got a'", "[b'got b']"], answers);
        Assert.Equal(["[\"r\",\"\",\"a\"]", "[{\"hex\":\"64ff\"},\"b\"]"], (await router.EndAsync()).With(0).Lines);
    }

    [Fact]
    public async Task Router_answers_others_when_a_peer_did_not_wait_for_its_answers()
    {
        using ToolProcess router = ToolProcess.Start("router", "--bind", Anywhere, "--reply", "{1}");
        string endpoint = router.Endpoint();
        // Nobody reads what the router writes, so that most of these are not answered yet when the peer goes.
        await PyzmqPeer.RunAsync("""
            s = connected(zmq.DEALER)
            for _ in range(100): s.send(bytes(70000))
            """, endpoint);
        using ToolProcess second = PyzmqPeer.Start("s = connected(zmq.DEALER); s.send(b'hello'); print(s.recv())", endpoint);
        Task<string> written = router.Output.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["b''"], (await second.EndAsync()).With(0).Lines);
        await router.SignalAsync("TERM");
        Assert.Contains("\thello\n", await written, StringComparison.Ordinal);
        Assert.Contains("a peer was gone before its answer", router.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Router_sends_what_stdin_says_to_the_peer_that_is_the_first_frame()
    {
        using ToolProcess router = ToolProcess.Start("router", "--bind", Anywhere, "--count", "2", "--format", "json", "-");
        using ToolProcess dealer = PyzmqPeer.Start("""
            s = connected(zmq.DEALER, lambda s: s.setsockopt(zmq.IDENTITY, b"d"))
            s.send(b"first"); print(s.recv_multipart(), flush=True); s.send(b"last")
            """, router.Endpoint());
        Assert.Equal("[\"d\",\"first\"]", await router.ReadLineAsync());
        await router.Input.WriteAsync("[\"d\",\"welcome\"]\n");
        await router.Input.FlushAsync();
        Assert.Equal(["[b'welcome']"], (await dealer.EndAsync()).With(0).Lines);
        Assert.Equal(["[\"d\",\"last\"]"], (await router.EndAsync()).With(0).Lines);
    }
}
