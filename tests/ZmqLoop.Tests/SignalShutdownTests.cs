using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>What a loop does when signals come; that they come is for the examples' tests, which are processes of their own.</summary>
public sealed class SignalShutdownTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void The_first_lets_the_last_work_end_and_stops_the_loop()
    {
        bool hasEnded = false;
        SignalShutdown signals = new(_loop, async () =>
        {
            await _loop.Delay(5);
            hasEnded = true;
        });
        _loop.CallLater(100, static () => throw new InvalidOperationException("the loop was not stopped"));
        Assert.True(signals.Come());
        _loop.Start();
        Assert.True(hasEnded);
        Assert.Equal(5, _loop.ManualTime.Now.TotalSeconds);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Without_work_the_first_stops_the_loop()
    {
        SignalShutdown signals = new(_loop, null);
        _loop.CallLater(100, static () => { });
        Assert.True(signals.Come());
        _loop.Start();
        Assert.Equal(TimeSpan.Zero, _loop.ManualTime.Now);
    }

    [Fact]
    public void The_second_stops_the_loop_at_once_and_the_third_is_left_to_the_process()
    {
        SignalShutdown signals = new(_loop, () => _loop.Delay(50));
        Assert.True(signals.Come());
        _loop.CallLater(1, () => Assert.True(signals.Come()));
        _loop.Start();
        Assert.Equal(1, _loop.ManualTime.Now.TotalSeconds);
        Assert.False(signals.Come());
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void A_loop_that_has_stopped_leaves_the_first_to_the_process_until_it_is_started_again()
    {
        SignalShutdown signals = new(_loop, null);
        _loop.RunOnce(TimeSpan.Zero);
        Assert.False(_loop.HasStopped);
        _loop.AddCallback(_loop.Stop);
        _loop.Start();
        Assert.False(signals.Come());
        _loop.CallLater(1, () => Assert.True(signals.Come()));
        _loop.CallLater(100, static () => throw new InvalidOperationException("the loop was not stopped"));
        _loop.Start();
        Assert.Equal(1, _loop.ManualTime.Now.TotalSeconds);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Work_that_fails_is_reported_and_the_loop_stops()
    {
        SignalShutdown signals = new(_loop, static () => throw new IOException("no"));
        _loop.CallLater(100, static () => { });
        signals.Come();
        _loop.Start();
        Assert.Equal("no", Assert.Single(_loop.Errors).Exception.Message);
        Assert.Equal(TimeSpan.Zero, _loop.ManualTime.Now);
    }

    [Fact]
    public void A_closed_loop_leaves_signals_to_the_process_and_a_loop_listens_once()
    {
        _loop.StopOnSignals();
        Assert.Throws<InvalidOperationException>(() => _loop.StopOnSignals());
        SignalShutdown signals = new(_loop, null);
        _loop.Close();
        Assert.False(signals.Come());
        Assert.Throws<ObjectDisposedException>(() => _loop.StopOnSignals());
    }
}
