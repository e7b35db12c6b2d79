namespace ZmqLoop.Stress;

public sealed class LoopStressTests
{
    [Fact]
    public void No_wake_up_is_lost_in_a_million_races_between_falling_asleep_and_posting()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        SleepWakeRace.Run(loop, 1_000_000, TimeSpan.FromMinutes(10));
    }
}
