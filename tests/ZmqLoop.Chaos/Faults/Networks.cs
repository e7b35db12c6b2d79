using System.Diagnostics;

namespace ZmqLoop.Chaos.Faults;

/// <summary>Two network namespaces with a cable between them, made here and removed here.</summary>
internal sealed class Networks : IDisposable
{
    public const string Here = "10.203.0.1";
    public const string There = "10.203.0.2";

    private readonly string _here = $"chaos-a{Environment.ProcessId}";
    private readonly string _there = $"chaos-b{Environment.ProcessId}";

    private Networks()
    {
    }

    public IReadOnlyList<string> InHere => ["ip", "netns", "exec", _here];

    public IReadOnlyList<string> InThere => ["ip", "netns", "exec", _there];

    /// <summary>Makes them.</summary>
    /// <returns>Null, with the reason, where this user may not, or this kernel cannot.</returns>
    public static Networks? TryCreate(out string why)
    {
        Networks networks = new();
        why = "";
        string[] commands =
        [
            $"netns add {networks._here}", $"netns add {networks._there}",
            $"-n {networks._here} link add cable type veth peer name cable netns {networks._there}",
            $"-n {networks._here} addr add {Here}/24 dev cable", $"-n {networks._there} addr add {There}/24 dev cable",
            $"-n {networks._here} link set cable up", $"-n {networks._there} link set cable up",
            $"-n {networks._here} link set lo up", $"-n {networks._there} link set lo up",
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

    /// <summary>Pulls the cable, or plugs it in.</summary>
    public void SetConnected(bool connected) => TryRun("ip", $"-n {_here} link set cable {(connected ? "up" : "down")}", out _);

    /// <summary>From now on packets get lost.</summary>
    /// <returns>False, with the reason, where there is no iptables.</returns>
    public bool TryLose(double probability, out string why) => TryRun(
        "ip",
        FormattableString.Invariant($"netns exec {_here} iptables -A INPUT -m statistic --mode random --probability {probability} -j DROP"),
        out why);

    public void Dispose()
    {
        TryRun("ip", $"netns del {_here}", out _);
        TryRun("ip", $"netns del {_there}", out _);
    }

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
