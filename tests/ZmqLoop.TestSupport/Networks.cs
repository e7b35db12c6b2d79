using System.Diagnostics;

namespace ZmqLoop.Testing;

/// <summary>A network namespace with cables to others, as hosts have them; made here and removed here. The others see the first one
/// alone.</summary>
public sealed class Networks : IDisposable
{
    public const string Here = "10.203.0.1";
    public const string There = "10.203.0.2";

    private readonly string _here = $"zl-a{Environment.ProcessId}";
    private readonly string[] _others;

    private Networks(int others) => _others = [.. Enumerable.Range(0, others).Select(other => $"zl-b{Environment.ProcessId}-{other}")];

    /// <summary>What to begin a command with that is to run in the first.</summary>
    public IReadOnlyList<string> InHere => ["ip", "netns", "exec", _here];

    public IReadOnlyList<string> InThere => InOther(0);

    /// <summary>Makes them.</summary>
    /// <param name="why">The reason for null.</param>
    /// <param name="others">How many beside the first.</param>
    /// <returns>Null where this user may not, or this kernel cannot.</returns>
    public static Networks? TryCreate(out string why, int others = 1)
    {
        Networks networks = new(others);
        why = "";
        IEnumerable<string> commands =
        [
            $"netns add {networks._here}", $"-n {networks._here} link set lo up",
            .. Enumerable.Range(0, others).SelectMany(networks.CommandsFor),
        ];
        foreach (string command in commands)
        {
            if (TryRun("ip", command, out why)) continue;
            networks.Dispose();
            why = $"no network namespaces can be made: {why}";
            return null;
        }

        return networks;
    }

    /// <summary>The address of an other one; at its other end the cable has <see cref="HereFor"/>.</summary>
    public static string AddressOf(int other) => $"10.203.{other}.2";

    /// <summary>The first one's address, as that other one sees it.</summary>
    public static string HereFor(int other) => $"10.203.{other}.1";

    public IReadOnlyList<string> InOther(int other) => ["ip", "netns", "exec", _others[other]];

    /// <summary>Pulls a cable, or plugs it in.</summary>
    public void SetConnected(bool connected, int other = 0) =>
        TryRun("ip", $"-n {_here} link set cable{other} {(connected ? "up" : "down")}", out _);

    /// <summary>From now on packets get lost.</summary>
    /// <returns>False, with the reason, where there is no iptables.</returns>
    public bool TryLose(double probability, out string why) => TryRun(
        "ip",
        FormattableString.Invariant($"netns exec {_here} iptables -A INPUT -m statistic --mode random --probability {probability} -j DROP"),
        out why);

    public void Dispose()
    {
        TryRun("ip", $"netns del {_here}", out _);
        foreach (string other in _others) TryRun("ip", $"netns del {other}", out _);
    }

    private string[] CommandsFor(int other) =>
    [
        $"netns add {_others[other]}",
        $"-n {_here} link add cable{other} type veth peer name cable netns {_others[other]}",
        $"-n {_here} addr add {HereFor(other)}/24 dev cable{other}", $"-n {_others[other]} addr add {AddressOf(other)}/24 dev cable",
        $"-n {_here} link set cable{other} up", $"-n {_others[other]} link set cable up", $"-n {_others[other]} link set lo up",
    ];

    private static bool TryRun(string program, string arguments, out string errors)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            errors = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            errors = exception.Message;
            return false;
        }
    }
}
