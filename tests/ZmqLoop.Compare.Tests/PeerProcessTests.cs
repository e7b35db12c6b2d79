namespace ZmqLoop.Compare.Tests;

public sealed class PeerProcessTests
{
    [Fact]
    public void Figures_are_the_lines_that_begin_with_their_words()
    {
        using PeerProcess process = Shell("echo some words; echo p50 1.5; echo p99 20");
        Assert.Equal([1.5, 20], process.AwaitFigures(["p50", "p99"]));
    }

    [Fact]
    public void A_program_that_ends_without_its_figure_has_failed_with_what_it_said_last()
    {
        using PeerProcess process = Shell("echo rate 3; echo one >&2; echo two >&2; exit 4");
        string message = Assert.Throws<PeerFailedException>(() => process.AwaitFigures(["rate", "cpu"])).Message;
        Assert.Equal("sh ended with code 4 and no 'cpu': two", message);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("NaN")]
    [InlineData("fast")]
    public void What_is_no_positive_number_is_no_figure(string text)
    {
        using PeerProcess process = Shell("echo rate " + text);
        Assert.Throws<PeerFailedException>(() => process.AwaitFigures(["rate"]));
    }

    [Fact]
    public void A_program_that_says_nothing_is_not_waited_for_beyond_the_limit()
    {
        using CancellationTokenSource over = new();
        over.Cancel();
        using PeerProcess process = Shell("sleep 60", over.Token);
        Assert.Equal("sh said no 'rate' in time.", Assert.Throws<PeerFailedException>(() => process.Await("rate")).Message);
    }

    [Fact]
    public void A_program_that_knows_nothing_of_measuring_is_looked_at_from_outside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");
        using PeerProcess process = Shell("echo serving on something; sleep 60");
        Assert.Equal("on something", process.Await("serving"));
        Assert.InRange(process.ResidentKilobytes, 100, 100_000);
    }

    private static PeerProcess Shell(string script, CancellationToken limit = default)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        return new PeerProcess("sh", ["sh", "-c", script], warm: false, limit);
    }
}
