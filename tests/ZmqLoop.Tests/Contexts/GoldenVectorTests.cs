using ZmqLoop.Vectors;

namespace ZmqLoop.Tests.Contexts;

/// <summary>What tornado 4.5.3 did, program by program, without its accidents.</summary>
public sealed class GoldenVectorTests
{
    private const int ProgramCount = 338;
    private static readonly Dictionary<string, VectorProgram> _programs =
        VectorFile.Load(VectorFile.PublicFile).ToDictionary(program => program.Name);

    public static TheoryData<string> Names => [.. _programs.Keys];

    [Fact]
    public void No_program_got_lost() =>
        Assert.True(_programs.Count >= ProgramCount, $"{_programs.Count} programs instead of {ProgramCount}.");

    [Theory]
    [MemberData(nameof(Names))]
    public void A_program_gives_the_trace_that_was_recorded(string name)
    {
        VectorRun run = VectorRun.Of(_programs[name]);
        Assert.True(run.Passed, run.Describe());
    }
}
