namespace ZmqLoop.Compare.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void At_least_five_pairs_unless_it_should_be_quick()
    {
        Assert.Equal(5, Options.Parse([]).Pairs);
        Assert.Equal(3, Options.Parse(["--quick"]).Pairs);
        Assert.Equal(Catalogue.Quick, Options.Parse(["--quick"]).Cases);
        Assert.Equal(["echo"], Options.Parse(["echo", "--quick"]).Cases);
        Assert.Equal(7, Options.Parse(["--pairs", "7", "--quick"]).Pairs);
    }

    [Theory]
    [InlineData("--pairs")]
    [InlineData("--pairs", "0")]
    [InlineData("--pairs", "0.5")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds", "soon")]
    [InlineData("--results")]
    [InlineData("--fast")]
    public void What_makes_no_sense_is_refused(params string[] arguments) => Assert.Throws<ArgumentException>(() => Options.Parse(arguments));
}
