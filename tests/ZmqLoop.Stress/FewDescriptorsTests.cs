using System.Diagnostics;

namespace ZmqLoop.Stress;

/// <summary>What happens when the process may open no more descriptors: in a process of its own, which is allowed few.</summary>
public sealed class FewDescriptorsTests
{
    private const string Variable = "ZMQLOOP_FEW_DESCRIPTORS";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Out_of_descriptors_is_an_error_and_not_the_end_of_the_process(bool ownPoller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits are set as on Linux.");
        ProcessStartInfo start = new("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-c", "ulimit -n 300 && exec \"$@\"", "sh", Environment.ProcessPath!,
            .. OneTest.Arguments(typeof(FewDescriptorsTests), nameof(Here_there_are_few))]) start.ArgumentList.Add(argument);
        start.Environment[Variable] = ownPoller.ToString();
        using Process child = Process.Start(start)!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        Task<string> errors = child.StandardError.ReadToEndAsync(limit.Token);
        string output = await child.StandardOutput.ReadToEndAsync(limit.Token);
        await child.WaitForExitAsync(limit.Token);
        Assert.True(child.ExitCode == 0, $"Ended with {child.ExitCode}: {output}{await errors}");
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_there_are_few()
    {
        string? ownPoller = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(ownPoller is null, "Runs in the process that the other test starts.");
        using ZMQEngine engine =
            (bool.Parse(ownPoller) ? EngineUnderTest.Current.OverItsOwnPoller : EngineUnderTest.Current).CreateEngine();
        using IPoller poller = engine.CreatePoller();
        for (int round = 0; round < 3; round++)
        {
            List<ZMQSocket> sockets = [];
            ZMQException error = Assert.Throws<ZMQException>(() => OpenUntilRefused(engine, poller, sockets));
            Assert.Equal(ZMQErrorCode.TooManyOpenFiles, error.Code);
            Assert.InRange(sockets.Count, 10, 300);
            Assert.Equal(ZMQErrorCode.TooManyOpenFiles, Assert.Throws<ZMQException>(() => engine.CreatePoller()).Code);
            ReadyList ready = new();
            poller.Poll(TimeSpan.FromMilliseconds(1), ready); // what is open goes on
            Assert.Equal(0, ready.Count);
            foreach (ZMQSocket socket in sockets) socket.Close(TimeSpan.Zero);
            poller.Poll(TimeSpan.Zero, ready);
            Assert.Equal(sockets.Count, ready.Count);
            Deadline.WaitUntil(() => Descriptors() < 200);
        }
    }

    private static void OpenUntilRefused(ZMQEngine engine, IPoller poller, List<ZMQSocket> sockets)
    {
        for (int i = 0; i < 1000; i++)
        {
            ZMQSocket socket = engine.CreateSocket(SocketType.Dealer);
            sockets.Add(socket);
            poller.Register(socket, IOEvents.Read, socket);
        }
    }

    // libzmq closes in the background, and counting takes a descriptor too.
    private static int Descriptors()
    {
        try
        {
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        }
        catch (IOException)
        {
            return int.MaxValue;
        }
    }
}
