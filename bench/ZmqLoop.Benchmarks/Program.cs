using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ZmqLoop.Benchmarks;

internal static class Program
{
    public static int Main(string[] args)
    {
        if (args is ["peer", .. var work]) return Peer.Run(work);
        if (args is ["netmq-peer", .. var style]) return NetMQPeer.Run(style);

        return RunBenchmarks(args);
    }

    /// <summary>In a method of its own, so that a peer's start does not load BenchmarkDotNet.</summary>
    private static int RunBenchmarks(string[] args)
    {
        // In this process: else BenchmarkDotNet would build the whole library once more for each job, for minutes on a busy machine.
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).AsDefault());
        List<Summary> summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config)];

        // BenchmarkDotNet ends well where a benchmark was skipped or threw; a run that measured nothing is no success.
        if (args.Contains("--list") || args.Contains("--help") || args.Contains("--info") || args.Contains("--version")) return 0;
        bool ran = summaries.Sum(summary => summary.Reports.Length) > 0
            && summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success));
        return ran ? 0 : 1;
    }
}
