using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ZmqLoop.Streams;

/// <summary>Who connects over ipc: what the system says of the other process. Linux says all three.</summary>
/// <param name="UserId">The uid; null where the system does not say.</param>
/// <param name="GroupId">The gid; null where the system does not say.</param>
/// <param name="ProcessId">The pid; null where the system does not say.</param>
public readonly record struct IpcPeer(long? UserId, long? GroupId, long? ProcessId)
{
    /// <summary>libzmq's address of such a peer is a name of the host, which says nothing, then <c>:uid:gid:pid</c>; none where the system
    /// tells it nothing at all.</summary>
    internal static bool TryParse(string address, [NotNullWhen(true)] out IpcPeer? peer)
    {
        peer = null;
        if (address.Length == 0)
        {
            peer = default(IpcPeer);
            return true;
        }

        string[] parts = address.Split(':');
        if (parts.Length is not (1 or 4) || parts[0] is not ("localhost" or "")) return false;
        long?[] ids = new long?[3];
        for (int i = 1; i < parts.Length; i++)
        {
            if (parts[i].Length == 0) continue;
            if (!uint.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out uint id)) return false;
            ids[i - 1] = id;
        }

        peer = new IpcPeer(ids[0], ids[1], ids[2]);
        return true;
    }

    /// <summary>Whether this peer is one of those that a rule names; null where the system does not say what the rule asks for.</summary>
    internal bool? IsOneOf(IpcPeer rule)
    {
        bool? user = Is(UserId, rule.UserId), group = Is(GroupId, rule.GroupId), process = Is(ProcessId, rule.ProcessId);
        if (user == false || group == false || process == false) return false;
        return user & group & process;

        static bool? Is(long? id, long? asked) => asked is null ? true : id is null ? null : id == asked;
    }
}
