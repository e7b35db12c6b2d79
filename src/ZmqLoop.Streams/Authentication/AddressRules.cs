using System.Net;

namespace ZmqLoop.Streams;

/// <summary>From where one may connect at all. Any thread.</summary>
/// <remarks>What is not understood is kept out as soon as there is a rule: a rule that does not match, by a way of writing, must not let
/// anybody in.</remarks>
internal sealed class AddressRules
{
    private readonly Lock _gate = new();
    private readonly HashSet<AddressRule> _networks = [];
    private readonly HashSet<IpcPeer> _ipcPeers = [];
    private bool _allows; // those, and nobody else; or everybody but those

    /// <exception cref="ArgumentException">One of them is no address, or there is none to allow; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">There are rules of the other kind; nothing has changed.</exception>
    public void Add(bool allow, ReadOnlySpan<string> addresses)
    {
        if (allow && addresses.IsEmpty)
            throw new ArgumentException("No address is given, and nothing would be kept out: allow one, or deny '0.0.0.0/0' and '::/0'.",
                nameof(addresses));
        AddressRule[] rules = new AddressRule[addresses.Length];
        for (int i = 0; i < rules.Length; i++) rules[i] = AddressRule.Parse(addresses[i]);
        if (rules.Length == 0) return;
        lock (_gate)
        {
            Choose(allow);
            _networks.UnionWith(rules);
        }
    }

    /// <inheritdoc cref="Add(bool, ReadOnlySpan{string})"/>
    public void Add(bool allow, IpcPeer peer)
    {
        lock (_gate)
        {
            Choose(allow);
            _ipcPeers.Add(peer);
        }
    }

    /// <returns>Why not; null where it may.</returns>
    public string? Deny(string address)
    {
        lock (_gate)
        {
            if (_networks.Count + _ipcPeers.Count == 0) return null;
            if (IsListed(address) is not { } listed) return "Address is not understood";
            return _allows == listed ? null : _allows ? "Address is not allowed" : "Address is denied";
        }
    }

    private void Choose(bool allow)
    {
        if (_networks.Count + _ipcPeers.Count > 0 && _allows != allow)
        {
            throw new InvalidOperationException(_allows
                ? "Some addresses are allowed, so all others are denied already: use Allow or Deny, not both."
                : "Some addresses are denied, so all others are allowed already: use Allow or Deny, not both.");
        }

        _allows = allow;
    }

    /// <returns>Null where that cannot be said.</returns>
    private bool? IsListed(string address)
    {
        bool? listed = false;
        if (AddressRule.TryParseAddress(address, out IPAddress ip, out long link))
        {
            foreach (AddressRule rule in _networks) listed = Either(listed, rule.Includes(ip, link));
            return listed;
        }

        if (!IpcPeer.TryParse(address, out IpcPeer? peer)) return null;
        foreach (IpcPeer rule in _ipcPeers) listed = Either(listed, peer.Value.IsOneOf(rule));
        return listed;

        static bool? Either(bool? one, bool? other) => one | other; // of three values: true, where one of them is
    }
}
