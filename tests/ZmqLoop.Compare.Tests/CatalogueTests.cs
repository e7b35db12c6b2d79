namespace ZmqLoop.Compare.Tests;

public sealed class CatalogueTests
{
    [Fact]
    public void Without_patterns_everything_is_meant() => Assert.Equal(Catalogue.All, Catalogue.Select([]));

    [Fact]
    public void Case_names_are_unique()
    {
        string[] names = [.. Catalogue.All.SelectMany(static work => work.Cases).Select(static @case => @case.Name)];
        Assert.Equal(names.Distinct(), names);
    }

    [Theory]
    [InlineData("recv-tcp-100-1", "recv-tcp-100-1")] // and not its copies
    [InlineData("echo-p99", "echo")]
    [InlineData("idle", "idle-10", "idle-1000", "idle-5000", "idle-9500", "idle-10-users", "idle-1000-users", "idle-5000-users")]
    [InlineData("idle-10", "idle-10")]
    // not recv-tcp-100
    [InlineData("recv-tcp-10", "recv-tcp-10-1", "recv-tcp-10-3", "recv-tcp-10-1-copy", "recv-tcp-10-1-plain", "recv-tcp-10-1-plain-copy")]
    [InlineData("recv-*-1024-1", "recv-tcp-1024-1", "recv-ipc-1024-1", "recv-inproc-1024-1")]
    public void A_name_its_beginning_or_a_pattern_says_what_to_run(string pattern, params string[] works) =>
        Assert.Equal(works, Catalogue.Select([pattern]).Select(static work => work.Name));

    [Fact]
    public void A_pattern_that_means_nothing_is_refused_with_the_names_that_there_are() =>
        Assert.Contains(
            "recv-tcp-100-1",
            Assert.Throws<ArgumentException>(static () => Catalogue.Select(["echo", "recieve"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_quick_form_has_a_case_of_every_family() =>
        Assert.Equal(
            Catalogue.All.Select(static work => work.Family).Distinct(),
            Catalogue.Select(Catalogue.Quick).Select(static work => work.Family).Distinct());

    [Fact]
    public void The_cases_against_NetMQ_have_NetMQ_in_them() =>
        Assert.All(Catalogue.Select(Catalogue.NetMQ), static work => Assert.Contains(work.Peers, Peers.IsNetMQ));

    [Fact]
    public void Wherever_NetMQ_is_a_peer_we_run_on_it_too() =>
        Assert.All(
            Catalogue.All.Where(static work => work.Peers.Any(Peers.IsNetMQ)),
            static work => Assert.Contains(Peers.OursOnNetMQ, work.Ours));

    [Fact]
    public void Cases_have_words_of_their_own_that_people_read()
    {
        Case[] cases = [.. Catalogue.All.SelectMany(static work => work.Cases)];
        Assert.Equal(cases.Length, cases.Select(static @case => @case.Text).Distinct().Count());
        Assert.Equal("receive 100-byte messages over tcp", Catalogue.Find("recv-tcp-100-1")!.Value.Case.Text);
        Assert.Equal(
            "send messages of 3 100-byte frames over tcp: the thread's processor time",
            Catalogue.Find("send-tcp-100-3-cpu")!.Value.Case.Text);
    }

    [Fact]
    public void Every_peer_of_every_work_is_known()
    {
        Peers peers = new("/checkout", static _ => null);
        Assert.All(Catalogue.All.SelectMany(static work => work.Peers.Concat(work.Ours)), key => Assert.NotEmpty(peers[key].Command));
    }

    [Fact]
    public void What_was_not_published_is_missing_and_says_where_to_read_why()
    {
        Plan plan = Plan.Of(Catalogue.Select(["published"]), new Peers("/nowhere", static _ => null), new Options());
        Assert.Empty(plan.Turns);
        Assert.Equal(2 * 3 * 3, plan.Missing.Count); // engines, ways beside the first, figures
        Assert.All(plan.Missing, static missing => Assert.Contains(".log", missing.Missing!, StringComparison.Ordinal));
    }
}
