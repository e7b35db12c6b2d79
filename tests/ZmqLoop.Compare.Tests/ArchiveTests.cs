namespace ZmqLoop.Compare.Tests;

public sealed class ArchiveTests : IDisposable
{
    private const string Monday = "2026-11-23 10:00 UTC";
    private const string Tuesday = "2026-11-24 10:00 UTC";

    private static readonly Archive _empty = new([], []);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_run_of_some_cases_leaves_the_others_their_figures_commits_and_dates()
    {
        Archive archive = _empty
            .With(Make.Run(Monday, "aaa"), [Of("idle-10", 1), Of("idle-1000", 1)])
            .With(Make.Run(Tuesday, "bbb"), [Of("idle-1000", 2)]);
        Assert.Equal(
            [("idle-10", 1.0, "aaa", Monday), ("idle-1000", 2.0, "bbb", Tuesday)],
            archive.Comparisons.Select(static kept => (kept.Comparison.Case.Name, kept.Comparison.Ours[0], kept.Commit, kept.Date)));
        Assert.Equal([Monday, Tuesday], archive.Runs.Select(static run => run.Date));
    }

    [Fact]
    public void A_run_of_which_nothing_is_left_is_forgotten() =>
        Assert.Equal(
            Tuesday,
            Assert.Single(_empty.With(Make.Run(Monday), [Of("idle-10", 1)]).With(Make.Run(Tuesday), [Of("idle-10", 2)]).Runs).Date);

    [Theory]
    [InlineData("loud", null)]
    [InlineData(null, "no node")]
    public void What_is_noisy_or_missing_does_not_replace_figures(string? noise, string? missing)
    {
        Archive archive = _empty.With(Make.Run(Monday), [Of("idle-10", 1)])
            .With(Make.Run(Tuesday), [Of("idle-10", 2) with { Noise = noise, Missing = missing }]);
        Assert.Equal((1.0, Monday), (Assert.Single(archive.Comparisons).Comparison.Ours[0], archive.Comparisons[0].Date));
    }

    [Fact]
    public void Noisy_figures_are_not_kept_only_that_they_were()
    {
        Archive archive = _empty.With(Make.Run(Monday), [Of("idle-10", 1) with { Noise = "loud" }]);
        Comparison comparison = Assert.Single(archive.Comparisons).Comparison;
        Assert.Equal("loud", comparison.Noise);
        Assert.Empty(comparison.Ours);
        Assert.Empty(comparison.Theirs);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        string file = Path.Combine(_folder.FullName, "compare.json");
        Archive archive = _empty.With(
            Make.Run(Monday),
            [Of("idle-10", 1), Of("idle-1000", 1) with { Noise = "loud" }, Of("memory", 3) with { Missing = "no NetMQ" }]);
        archive.Save(file);
        Archive read = Archive.Load(file);
        Assert.Equal(archive.Runs, read.Runs);
        Assert.Equal(archive.Comparisons.Select(Text), read.Comparisons.Select(Text));

        static string Text(Kept kept) =>
            string.Join(
                ' ',
                Report.Line(kept.Comparison with { Noise = kept.Comparison.Noise is null ? null : "noisy", Ours = [2], Theirs = [1] }),
                kept.Commit,
                kept.Date,
                string.Join(',', kept.Comparison.Ours));
    }

    [Fact]
    public void Where_there_is_no_file_there_is_nothing_yet() =>
        Assert.Empty(Archive.Load(Path.Combine(_folder.FullName, "none.json")).Comparisons);

    [Theory]
    [InlineData("not JSON")]
    [InlineData("""{ "comparisons": [ { "case": "idle-10" } ] }""")] // as it was written before each figure had a commit
    public void What_is_no_archive_is_refused_by_its_name(string content)
    {
        string file = Path.Combine(_folder.FullName, "compare.json");
        File.WriteAllText(file, content);
        Assert.Contains(file, Assert.Throws<InvalidDataException>(() => Archive.Load(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_s_earlier_figure_is_that_of_its_last_run_on_such_a_machine()
    {
        Archive archive = _empty.With(Make.Run(Monday), [Make.Comparison([1], [7])]).With(Make.Run(Tuesday), [Make.Comparison([1], [8])]);
        Assert.Equal(8, archive.Earlier("idle-10", Peers.ZmqPoll, Make.Machine()));
        Assert.Null(archive.Earlier("idle-10", Peers.CEpoll, Make.Machine()));
        Assert.Null(archive.Earlier("idle-10", Peers.ZmqPoll, Make.Machine("another processor")));
    }

    private static Comparison Of(string @case, double ours) => Make.Comparison(@case, Peers.OursOnNetMQ, Peers.NetMQPoller, [ours], [1]);
}
