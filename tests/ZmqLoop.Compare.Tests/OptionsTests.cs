namespace ZmqLoop.Compare.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Works_say_how_many_pairs_unless_it_should_be_quick()
    {
        Assert.Null(Options.Parse([]).Pairs);
        Assert.Equal(3, Options.Parse(["--quick"]).Pairs);
        Assert.Equal(Catalogue.Quick, Options.Parse(["--quick"]).Cases);
        Assert.Equal(["echo"], Options.Parse(["echo", "--quick"]).Cases);
        Assert.Equal(7, Options.Parse(["--pairs", "7", "--quick"]).Pairs);
    }

    [Fact]
    public void Netmq_means_its_own_peers_in_the_cases_that_say_most()
    {
        Options options = Options.Parse(["netmq"]);
        Assert.Equal(Catalogue.NetMQ, options.Cases);
        Assert.True(options.Means(Peers.NetMQPoller) && !options.Means(Peers.PyzmqStream));
        Assert.Equal(["idle"], Options.Parse(["netmq", "idle"]).Cases);
        Assert.True(Options.Parse(["idle"]).Means(Peers.PyzmqStream));
    }

    [Fact]
    public void What_renews_the_published_figures_goes_to_them_and_all_else_elsewhere()
    {
        string published = Path.Combine("bench", "results"), elsewhere = Path.Combine("artifacts", "compare");
        Assert.Equal(published, Options.Parse([]).Folder);
        Assert.Equal(published, Options.Parse(["netmq", "--pairs", "11"]).Folder);
        Assert.Equal(elsewhere, Options.Parse(["netmq", "--quick"]).Folder);
        Assert.Equal(elsewhere, Options.Parse(["netmq", "idle"]).Folder);
        Assert.Equal(elsewhere, Options.Parse(["--quick"]).Folder);
        Assert.Equal("here", Options.Parse(["--results", "here"]).Folder);
    }

    [Theory]
    [InlineData("--pairs")]
    [InlineData("--pairs", "0")]
    [InlineData("--pairs", "0.5")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds", "soon")]
    [InlineData("--results")]
    [InlineData("--fast")]
    public void What_makes_no_sense_is_refused(params string[] arguments) =>
        Assert.Throws<ArgumentException>(() => Options.Parse(arguments));
}
