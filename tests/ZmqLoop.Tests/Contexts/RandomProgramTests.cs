using System.Text.Json;
using ZmqLoop.Tests.Contexts.Model;
using ZmqLoop.Vectors;

namespace ZmqLoop.Tests.Contexts;

/// <summary>The library against a naive model of the same semantics, on programs that nobody would write.</summary>
public sealed class RandomProgramTests
{
    private const int Batch = 400;
    private const int LongestTrace = 4_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_library_does_what_the_model_does(int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++) Compare(seed);
    }

    [Fact(Explicit = true)]
    public void The_library_does_what_the_model_does_for_as_long_as_one_likes()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("ZMQLOOP_RANDOM_PROGRAMS") ?? "100000",
            System.Globalization.CultureInfo.InvariantCulture);
        for (int seed = 1_000_000; seed < 1_000_000 + count; seed++) Compare(seed);
    }

    [Fact]
    public void The_model_itself_does_what_tornado_did()
    {
        int compared = 0;
        foreach (VectorProgram program in VectorFile.Load(VectorFile.PublicFile).Where(program => !program.ManualStart))
        {
            using var model = new ReferenceMachine(program);
            IReadOnlyList<string> trace;
            try
            {
                trace = model.Run();
            }
            catch (NotSupportedException)
            {
                continue; // the model knows contexts, callbacks and timers only
            }

            Assert.Equal(program.Expected, trace);
            compared++;
        }

        Assert.True(compared > 150, $"Only {compared} programs could be compared.");
    }

    private static void Compare(int seed)
    {
        JsonElement json = new ProgramGenerator(seed).Generate();
        using var model = new ReferenceMachine(VectorProgram.Parse(json));
        IReadOnlyList<string> expected = model.Run();
        if (expected.Count > LongestTrace) return;
        var run = VectorRun.Of(VectorProgram.Parse(json, expected));
        Assert.True(run.Passed, $"{run.Describe()}{Environment.NewLine}{json}");
    }
}
