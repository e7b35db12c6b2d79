using System.Diagnostics;
using ZmqLoop.Testing;

namespace ZmqLoop.Compare.Tests;

/// <summary>What <c>eng/compare.sh</c> says of the peers in C.</summary>
public sealed class PreparedPeersTests
{
    [Theory]
    [InlineData("zmq", "uv", "", "")]
    [InlineData("uv", "", "zmq_peer.c was not compiled", "")]
    [InlineData("", "", "zmq_peer.c was not compiled", "uv_peer.c was not compiled")]
    public async Task A_peer_that_was_compiled_is_not_missing_and_another_is_with_the_reason(
        string first, string second, string reason, string libuvReason)
    {
        string said = await RunAsync($$"""
            set -euo pipefail
            source eng/compare.sh
            compiled=$(mktemp -d)
            trap 'rmdir "$compiled"' EXIT
            say() { :; }
            log_of() { echo "$1.log"; }
            find_compiler() { :; }
            compile_peer() { [ "$1" = "{{first}}" ] || [ "$1" = "{{second}}" ]; }
            find_peers_in_c
            printf '%s\n%s\n' "$ZMQLOOP_C_REASON" "$ZMQLOOP_LIBUV_REASON"
            """);
        string[] lines = said.Split('\n');
        AssertReason(reason, lines[0]);
        AssertReason(libuvReason, lines[1]);
    }

    private static void AssertReason(string expected, string actual)
    {
        if (expected.Length == 0) Assert.Empty(actual);
        else Assert.Contains(expected, actual, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string script)
    {
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = Checkout.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(bash.ExitCode == 0, await errors);
        return output;
    }
}
