using System.Net;

namespace ZmqLoop.Streams;

/// <summary>Which addresses may connect at all. Any thread.</summary>
internal sealed class AddressRules
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private bool _allows; // those, and nobody else; or everybody but those

    public void Add(bool allow, ReadOnlySpan<string> addresses)
    {
        foreach (string address in addresses) ArgumentException.ThrowIfNullOrWhiteSpace(address, nameof(addresses));
        lock (_gate)
        {
            if (_addresses.Count > 0 && _allows != allow)
            {
                throw new InvalidOperationException(_allows
                    ? "Some addresses are allowed, so all others are denied already: use Allow or Deny, not both."
                    : "Some addresses are denied, so all others are allowed already: use Allow or Deny, not both.");
            }

            _allows = allow;
            foreach (string address in addresses) _addresses.Add(Normalize(address));
        }
    }

    /// <returns>Why not; null where it may.</returns>
    public string? Deny(string address)
    {
        lock (_gate)
        {
            if (_addresses.Count == 0) return null;
            bool listed = _addresses.Contains(Normalize(address));
            return _allows == listed ? null : _allows ? "Address is not allowed" : "Address is denied";
        }
    }

    /// <summary>A socket that speaks IPv6 calls 127.0.0.1 ::ffff:127.0.0.1.</summary>
    private static string Normalize(string address)
    {
        if (!IPAddress.TryParse(address, out IPAddress? parsed)) return address;
        return (parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed).ToString();
    }
}
