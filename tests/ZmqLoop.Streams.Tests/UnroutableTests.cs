using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams.Tests;

/// <summary>Messages of a ROUTER for peers that are not there: each is counted, and told to whoever asked; of the others the log tells, and
/// is not flooded.</summary>
public sealed class UnroutableTests : IDisposable
{
    private readonly RecordingLoggers _loggers = new();
    private readonly ScriptedLoop _loop;
    private readonly ScriptedSocket _socket = new(SocketType.Router);
    private readonly ZMQStream _stream;

    public UnroutableTests()
    {
        _loop = new ScriptedLoop(loggers: _loggers);
        _stream = new ZMQStream(_socket, _loop, new ZMQStreamOptions { Name = "orders" });
    }

    public void Dispose()
    {
        _stream.Dispose();
        _loop.Dispose();
    }

    private string[] Warnings =>
        [.. _loggers.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text)];

    private void SendToGone(int count, params ReadOnlySpan<string> peers)
    {
        foreach (string peer in peers)
        {
            _socket.GonePeers.Add(peer);
            for (int i = 0; i < count; i++) _stream.SendMultipart(peer, $"{i}");
        }
    }

    [Fact]
    public void A_ROUTER_is_mandatory_in_a_stream_unless_the_program_has_said_otherwise()
    {
        Assert.True(_socket.Get(ZMQSocketOptions.RouterMandatory));
        using ScriptedSocket lenient = new(SocketType.Router);
        lenient.RouterMandatory = false;
        using ScriptedSocket strict = new(SocketType.Router);
        strict.RouterMandatory = true;
        using ScriptedSocket dealer = new(SocketType.Dealer);
        using ZMQStream first = new(lenient, _loop);
        using ZMQStream second = new(strict, _loop);
        using ZMQStream third = new(dealer, _loop);
        Assert.False(lenient.Get(ZMQSocketOptions.RouterMandatory));
        Assert.True(strict.Get(ZMQSocketOptions.RouterMandatory));
        Assert.False(dealer.Get(ZMQSocketOptions.RouterMandatory));
        _socket.RouterMandatory = false;
        Assert.False(_socket.Get(ZMQSocketOptions.RouterMandatory));
    }

    [Fact]
    public void What_nobody_asked_about_is_counted_and_told_in_one_line_a_minute_for_each_peer()
    {
        SendToGone(3, "ann", "bob");
        _loop.CallLater(1, () =>
        {
            Assert.Equal(6, _stream.UnroutableMessages);
            Assert.Contains("6 were unroutable", _stream.ToString(), StringComparison.Ordinal);
            Assert.Equal(2, Warnings.Length);
            SendToGone(1, "ann");
        });
        _loop.CallLater(59, () => Assert.Equal(2, Warnings.Length));
        _loop.CallLater(61, () => Assert.Equal(4, Warnings.Length));
        _loop.CallLater(70, () => SendToGone(1, "ann"));
        _loop.CallLater(119, () => Assert.Equal(4, Warnings.Length)); // ann's line of this minute has been
        _loop.RunUntilIdle();
        Assert.Equal(5, Warnings.Length);
        Assert.StartsWith("ZMQStream 'orders' of scripted ROUTER could not route ", Warnings[0], StringComparison.Ordinal);
        Assert.Equal(
            ["peer 'ann' (1)", "peer 'bob' (1)", "peer 'ann' (3)", "peer 'bob' (2)", "peer 'ann' (1)"],
            Warnings.Select(static text => text[text.IndexOf("peer ", StringComparison.Ordinal)..(text.IndexOf(')') + 1)]));
        Assert.Empty(_loop.Errors);
        Assert.Equal(0, _stream.SendQueueLength);
        Assert.Equal(0, _loop.Statistics.Timeouts);
    }

    [Fact]
    public void Thousands_of_gone_peers_are_a_few_lines_and_one_for_all_the_others()
    {
        for (int i = 0; i < 5000; i++) SendToGone(2, $"peer {i}");
        _loop.CallLater(59, () => Assert.Equal(16, Warnings.Length));
        _loop.RunUntilIdle();
        Assert.Equal(10_000, _stream.UnroutableMessages);
        Assert.Equal(16 + 16 + 1, Warnings.Length);
        Assert.EndsWith($"to other peers either ({2 * (5000 - 16)})", Warnings[^1], StringComparison.Ordinal);
        Assert.Empty(_loop.Errors);
        Assert.Equal(0, _loop.Statistics.Timeouts);
    }

    [Fact]
    public void Whoever_asked_is_told_and_the_log_is_not()
    {
        _socket.GonePeers.Add("gone");
        List<Exception?> told = [];
        _stream.Send(new Message("gone", "1"), (_, error) => told.Add(error));
        Task sent = _stream.SendAsync(new Message("gone", "2"), CancellationToken.None);
        _loop.RunUntilIdle();
        _stream.OnSend((_, error) => told.Add(error));
        _stream.SendMultipart("gone", "3");
        _loop.RunUntilIdle();
        Assert.Equal(2, told.Count);
        Assert.All(told, static error => Assert.Equal(ZMQErrorCode.HostUnreachable, Assert.IsType<ZMQException>(error).Code));
        Assert.Equal(ZMQErrorCode.HostUnreachable, Assert.IsType<ZMQException>(sent.Exception!.InnerException).Code);
        Assert.Equal(3, _stream.UnroutableMessages);
        Assert.Equal(0, _stream.DroppedMessages);
        Assert.Empty(Warnings);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void What_waited_for_a_peer_that_goes_is_counted_and_its_memory_let_go()
    {
        _socket.AlwaysSaysWritable = true;
        _socket.FullPeers.Add("slow");
        for (int i = 0; i < 100; i++) _stream.SendMultipart("slow", $"{i}");
        _loop.CallLater(1, () =>
        {
            Assert.Equal(100, _stream.SendQueueLength);
            _socket.GonePeers.Add("slow");
        });
        _loop.RunUntilIdle();
        Assert.Equal((0, 0, 100), (_stream.SendQueueLength, _stream.SendQueueBytes, _stream.UnroutableMessages));
        Assert.Equal(2, Warnings.Length); // the first of them, and a minute later the other 99
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void A_stream_that_is_closed_tells_what_it_has_not_told()
    {
        SendToGone(5, "ann");
        _loop.CallLater(1, _stream.Dispose);
        _loop.RunUntilIdle();
        Assert.Equal(2, Warnings.Length);
        Assert.Contains("peer 'ann' (4)", Warnings[1], StringComparison.Ordinal);
        Assert.Equal(0, _loop.Statistics.Timeouts);
    }

    [Fact]
    public void A_name_that_is_not_for_people_is_written_in_hexadecimal_and_cut()
    {
        _socket.GonePeers.Add("a\nb");
        _socket.GonePeers.Add(new string('x', 200));
        _stream.SendMultipart("a\nb", "1");
        _stream.SendMultipart(new string('x', 200), "1");
        _loop.RunUntilIdle();
        Assert.Contains("peer '0x610A62' (1)", Warnings[0], StringComparison.Ordinal);
        Assert.Contains($"peer '{new string('x', 32)}… (200 bytes)' (1)", Warnings[1], StringComparison.Ordinal);
    }
}
