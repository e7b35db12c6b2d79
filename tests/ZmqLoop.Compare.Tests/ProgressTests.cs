using ZmqLoop.Testing;

namespace ZmqLoop.Compare.Tests;

public sealed class ProgressTests
{
    private readonly List<string> _told = [];
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void It_says_where_a_run_is_and_how_much_is_left()
    {
        Turns turns = Assert.Single(Plan.Of([Make.Echo], new Peers("", static _ => null), new Options { Pairs = 9 }).Turns);
        Progress progress = new(40, _told.Add, _time);
        progress.Begin(turns, 0);
        for (int i = 0; i < 10; i++) progress.Count();
        _time.Advance(TimeSpan.FromMinutes(2));
        progress.Begin(turns, 4);
        progress.Add(10);
        _time.Advance(TimeSpan.FromSeconds(9));
        progress.Begin(turns, 5); // not at every run
        _time.Advance(TimeSpan.FromSeconds(51));
        progress.Begin(turns, 6);
        Assert.Equal(
            [
                "0 of 40 runs, 0 s gone: echo, round 1 of 9",
                "10 of 40 runs, 2 min gone, about 6 min left: echo, round 5 of 9",
                "10 of 50 runs, 3 min gone, about 12 min left: echo, round 7 of 9",
            ],
            _told);
    }
}
