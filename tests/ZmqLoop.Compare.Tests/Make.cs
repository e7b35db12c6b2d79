namespace ZmqLoop.Compare.Tests;

/// <summary>What the tests compare.</summary>
internal static class Make
{
    public static Work Echo { get; } = Catalogue.Find(
        "echo-p50")!.Value.Work with { Peers = [Peers.ZmqPoll], Ours = [Peers.OursOnLibzmq], Pairs = null };

    public static Disturbance Busy { get; } = new(50, 100);

    public static Comparison Comparison(string @case, string side, string peer, double[] ours, double[] theirs)
    {
        (Work work, Case found) = Catalogue.Find(@case)!.Value;
        return new Comparison(found, work.Family, side, peer, ours, theirs);
    }

    public static Comparison Comparison(double[] ours, double[] theirs) =>
        Comparison("idle-10", Peers.OursOnLibzmq, Peers.ZmqPoll, ours, theirs);

    public static KeptRun Run(string date, string commit = "abc1234") => new(date, commit, "./build.sh compare", Machine());

    public static Machine Machine(string cpu = "a processor") => new(cpu, 2, "Linux", ".NET 10", "0.1 0.1 0.1", "0.2 0.2 0.2");
}
