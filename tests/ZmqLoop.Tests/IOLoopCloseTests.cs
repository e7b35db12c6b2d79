using System.Net.Sockets;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class IOLoopCloseTests
{
    [Fact]
    public void Close_twice_is_fine_and_disposes_of_the_poller()
    {
        ScriptedLoop loop = new();
        loop.Close();
        loop.Close();
        loop.Dispose();
        Assert.True(loop.IsClosed);
        Assert.True(loop.Poller.IsDisposed);
    }

    [Fact]
    public void Close_inside_the_running_loop_throws_and_the_loop_goes_on()
    {
        using ScriptedLoop loop = new();
        bool ran = false;
        loop.AddCallback(() =>
        {
            Assert.Throws<InvalidOperationException>(() => loop.Close());
            Assert.Throws<InvalidOperationException>(loop.Dispose);
            Assert.False(loop.IsClosed);
        });
        loop.AddCallback(() => ran = true);
        loop.RunUntilIdle();
        Assert.True(ran);
        Assert.Empty(loop.Errors);
    }

    [Fact]
    public void Posting_to_a_closed_loop_is_ignored_and_returns_false()
    {
        ScriptedLoop loop = new();
        loop.Close();
        Assert.False(loop.AddCallback(() => { }));
        Assert.False(loop.AddCallback(() => Task.CompletedTask));
        Assert.False(loop.AddCallback(static _ => { }, 1));
        Assert.False(loop.SpawnCallback(() => { }));
        Assert.False(loop.SpawnCallback(() => Task.CompletedTask));
        Assert.False(loop.AddCallbackFromSignal(() => { }));
        loop.AddFuture(Task.CompletedTask, _ => { });
        loop.SynchronizationContext.Post(static _ => { }, null);
        loop.Stop();
    }

    [Fact]
    public void Other_members_of_a_closed_loop_throw_ObjectDisposedException()
    {
        ScriptedLoop loop = new();
        TimeoutHandle timer = loop.CallLater(1, () => { });
        loop.Close();
        Action[] members =
        [
            loop.Start, () => loop.CallLater(1, () => { }), () => loop.CallLater(1, () => Task.CompletedTask),
            () => loop.CallAt(1, () => { }), () => loop.AddTimeout(1, () => { }),
            () => loop.AddTimeout(TimeSpan.Zero, () => { }), () => loop.RemoveTimeout(timer),
            () => loop.AddHandler(1, (_, _) => { }, IOEvents.Read), () => loop.UpdateHandler(1, IOEvents.Read), () => loop.RemoveHandler(1),
            () => loop.RunSync(() => Task.CompletedTask), loop.MakeCurrent, loop.InstallAsInstance, () => loop.RunInExecutor(() => 1),
            () => new PeriodicCallback(() => { }, 1, loop).Start(), () => new DelayedCallback(() => { }, 1, loop).Start(),
            () => loop.SetBlockingLogThreshold(1),
        ];
        Assert.All(members, member => Assert.Throws<ObjectDisposedException>(member));
    }

    [Fact]
    public async Task InvokeAsync_on_a_closed_loop_fails_from_the_task()
    {
        ScriptedLoop loop = new();
        loop.Close();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => loop.InvokeAsync(() => { }));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => loop.InvokeAsync(() => 1));
    }

    [Fact]
    public void Send_to_a_closed_loop_throws_and_runs_nothing()
    {
        ScriptedLoop loop = new();
        loop.Close();
        bool ran = false;
        Assert.Throws<ObjectDisposedException>(() => loop.SynchronizationContext.Send(_ => ran = true, null));
        Assert.False(ran);
    }

    [Fact]
    public async Task Closing_fails_the_invocations_that_have_not_begun_so_that_nobody_waits_for_ever()
    {
        ScriptedLoop loop = new();
        Task<int> pending = loop.InvokeAsync(() => 1);
        loop.Close();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pending.WaitAsync(Deadline.Default));
    }

    [Fact]
    public void Close_drops_callbacks_and_timers()
    {
        ScriptedLoop loop = new();
        loop.AddCallback(() => Assert.Fail("ran"));
        loop.CallLater(0, () => Assert.Fail("ran"));
        loop.Close();
        Assert.Contains("0 callbacks, 0 timers", loop.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Close_closes_the_registered_sockets_only_when_asked(bool allFds)
    {
        using Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        loop.AddHandler(socket, (_, _) => { }, IOEvents.Read);
        loop.Close(allFds);
        Assert.Equal(allFds, socket.SafeHandle.IsClosed);
    }

    [Fact]
    public void Close_closes_the_registered_ZeroMQ_sockets_and_one_that_fails_does_not_keep_the_others_open()
    {
        ScriptedLoop loop = new();
        ScriptedEngine engine = new();
        ScriptedSocket[] sockets = [new(engine), new(engine) { FailClose = true }, new(engine)];
        foreach (ScriptedSocket socket in sockets) loop.AddHandler(socket, (_, _) => { }, IOEvents.Read);
        loop.Close(allFds: true);
        Assert.All(sockets, socket => Assert.True(socket.IsClosed));
        Assert.Equal("cannot close", Assert.Single(loop.Errors).Exception.Message);
        Assert.True(loop.Poller.IsDisposed);
    }

    [Fact]
    public void Where_a_reporter_throws_the_other_sockets_are_closed_and_then_Close_throws()
    {
        ScriptedLoop loop = new() { OnError = static error => throw error };
        ScriptedEngine engine = new();
        ScriptedSocket[] sockets = [new(engine) { FailClose = true }, new(engine)];
        foreach (ScriptedSocket socket in sockets) loop.AddHandler(socket, (_, _) => { }, IOEvents.Read);
        Assert.Equal("cannot close", Assert.Throws<InvalidOperationException>(() => loop.Close(allFds: true)).Message);
        Assert.All(sockets, socket => Assert.True(socket.IsClosed));
        Assert.True(loop.IsClosed);
        Assert.True(loop.Poller.IsDisposed);
    }

    [Fact]
    public void Where_a_reporter_throws_the_log_still_says_what_was_watched()
    {
        using RecordingLoggers loggers = new();
        ScriptedLoop loop = new(loggers: loggers) { OnError = static error => throw error };
        using ScriptedSocket socket = new(new ScriptedEngine()) { FailClose = true };
        loop.AddHandler(socket, (_, _) => { }, IOEvents.Read);
        Assert.Throws<InvalidOperationException>(() => loop.Close(allFds: true));
        Assert.Contains(socket.ToString()!, Assert.Single(loggers.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_that_were_watched_the_log_names_the_first()
    {
        using RecordingLoggers loggers = new();
        ScriptedLoop loop = new(loggers: loggers);
        ScriptedEngine engine = new();
        for (int i = 0; i < 1000; i++) loop.AddHandler(new ScriptedSocket(engine), static (_, _) => { }, IOEvents.Read);
        loop.Close();
        string text = Assert.Single(loggers.Entries).Text;
        Assert.Contains(" was closed while it watched 1000: ", text, StringComparison.Ordinal);
        Assert.EndsWith(" and 990 more", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Closing_a_source_may_remove_its_own_handler()
    {
        ScriptedLoop loop = new();
        ScriptedEngine engine = new();
        ScriptedSocket socket = new(engine);
        socket.OnClose = () => loop.RemoveHandler(socket);
        loop.AddHandler(socket, (_, _) => { }, IOEvents.Read);
        loop.Close(allFds: true);
        Assert.True(socket.IsClosed);
        Assert.Empty(loop.Errors);
    }
}
