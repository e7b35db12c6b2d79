namespace ZmqLoop.Tests;

/// <summary>What ends a process, and what does not: in processes of their own. A run that fails says its seed; ZmqLoop.NetMQ.Fuzz repeats
/// it.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20_261_128;
    private const int Inputs = 2_000;
    private const int FewDescriptors = 150;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("v1 length", "Out of memory")]
    [InlineData("property length", "OverflowException")]
    [InlineData("empty command", "IndexOutOfRangeException")]
    [InlineData("subscription", "Stack overflow")]
    public async Task Without_the_guard_and_the_limits_a_few_bytes_end_the_process(string kind, string reason)
    {
        (int exitCode, string output) = await FuzzProcess.RunAsync(_limit, descriptors: null, "bare", kind);
        Assert.True(exitCode is not (0 or 1 or 2), $"Ended with {exitCode}, so that NetMQ copes with this now: {output}");
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_of_the_application_on_a_thread_of_its_own_ends_the_process_as_ever()
    {
        (int exitCode, string output) = await FuzzProcess.RunAsync(_limit, descriptors: null, "application");
        Assert.True(exitCode is not (0 or 1 or 2), $"Ended with {exitCode}: {output}");
        Assert.Contains("the application's own", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server")]
    [InlineData("client")]
    public async Task Thousands_of_hostile_inputs_cost_nobody_anything_but_those_who_send_them(string role)
    {
        (int exitCode, string output) = await FuzzProcess.RunAsync(_limit, descriptors: null, role, $"{Seed}", $"{Inputs}");
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
    }

    [Fact]
    public async Task Out_of_descriptors_a_service_refuses_the_next_and_accepts_again_when_some_have_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits are set as on Linux.");
        (int exitCode, string output) = await FuzzProcess.RunAsync(_limit, FewDescriptors, "descriptors");
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
    }

    [Fact]
    public async Task Out_of_descriptors_a_bind_fails_and_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits are set as on Linux.");
        (int exitCode, string output) = await FuzzProcess.RunAsync(_limit, FewDescriptors, "bind");
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
        Assert.Contains("TooManyOpenFiles: Binding tcp://127.0.0.1:* failed: ", output, StringComparison.Ordinal);
        Assert.Contains("descriptors", output, StringComparison.Ordinal);
        Assert.DoesNotContain("MaxSockets", output, StringComparison.Ordinal); // of which there are enough
    }
}
