using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Streams;

/// <summary>The addresses that one rule means: a network, of one address or more, and of IPv6 perhaps one link.</summary>
/// <param name="Network">IPv4 for what IPv6 writes as ::ffff:10.0.0.1, since a socket that speaks both calls IPv4 peers so.</param>
/// <param name="Link">The number of the link of an address such as fe80::1%eth0; 0 for any.</param>
internal readonly record struct AddressRule(IPNetwork Network, long Link)
{
    private const long UnknownLink = -1;
    private const int MappedBits = 96; // of ::ffff:0:0/96, where IPv6 has the addresses of IPv4
    private const string HowToWrite =
        "write an address (10.0.0.1, fe80::1) or a network (10.0.0.0/8, fe80::/10), without port, name or blanks";

    private static readonly SearchValues<char> _inAddresses = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <exception cref="ArgumentException">The text is neither an address nor a network.</exception>
    public static AddressRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out IPAddress address, out long link))
            throw Wrong(text, "is no IP address");
        if (link == UnknownLink) throw Wrong(text, "names no link of this machine");
        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                throw Wrong(text, $"is no peer's address; all of them are '{address}/0'");
            return new AddressRule(new IPNetwork(address, bits), link);
        }

        string digits = text[(slash + 1)..];
        bool mapped = bits == 32 && text.Contains(':', StringComparison.Ordinal);
        if (!IsNumber(digits, mapped ? 128 : bits, out int length) || (mapped && length < MappedBits))
            throw Wrong(text, $"has no prefix length of {(mapped ? MappedBits : 0)} to {(mapped ? 128 : bits)}");
        length -= mapped ? MappedBits : 0;
        if (BaseOf(address, length) is var start && !start.Equals(address))
            throw Wrong(text, $"has bits set behind its prefix: '{start}/{length}' is the network, '{address}' the address");
        return new AddressRule(new IPNetwork(address, length), link);
    }

    /// <summary>True for one of these addresses; null where its link is not known, and matters.</summary>
    public bool? Includes(IPAddress address, long link)
    {
        if (!Network.Contains(address)) return false;
        return Link == 0 ? true : link == UnknownLink ? null : link == Link;
    }

    /// <summary>An address as people write them, and as the engine does: no octal, hexadecimal or shortened forms, no port. What IPv6
    /// writes of an IPv4 address is the IPv4 address.</summary>
    public static bool TryParseAddress(string text, out IPAddress address, out long link)
    {
        int percent = text.IndexOf('%', StringComparison.Ordinal);
        string digits = percent < 0 ? text : text[..percent];
        bool isV6 = digits.Contains(':', StringComparison.Ordinal);
        address = IPAddress.None;
        link = 0;
        if (percent >= 0 && (percent == text.Length - 1 || !isV6)) return false;
        if (digits.AsSpan().ContainsAnyExcept(_inAddresses) || !IPAddress.TryParse(digits, out IPAddress? parsed)) return false;
        string quad = isV6 ? digits[(digits.LastIndexOf(':') + 1)..] : digits;
        if ((!isV6 || quad.Contains('.', StringComparison.Ordinal)) && !IsQuad(quad)) return false;
        address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        if (percent >= 0) link = LinkOf(text[(percent + 1)..]);
        return true;
    }

    /// <summary>A link has a number, and a name that may stand for it.</summary>
    private static long LinkOf(string scope) =>
        IPAddress.TryParse("fe80::1%" + scope, out IPAddress? address) && address.ScopeId != 0 ? address.ScopeId : UnknownLink;

    private static bool IsQuad(string text)
    {
        string[] parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, static part => IsNumber(part, byte.MaxValue, out _));
    }

    /// <summary>A decimal number without leading zeros: some read 010 as 8.</summary>
    private static bool IsNumber(string text, int max, out int number)
    {
        number = 0;
        if (text.Length is 0 or > 3 || text.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        if (text[0] == '0' && text.Length > 1) return false;
        foreach (char digit in text) number = number * 10 + (digit - '0');
        return number <= max;
    }

    private static IPAddress BaseOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - i * 8, 0, 8);
            bytes[i] &= (byte)(0xFF00 >> kept);
        }

        return new IPAddress(bytes);
    }

    private static ArgumentException Wrong(string text, string problem) => new($"'{text}' {problem}: {HowToWrite}.", nameof(text));
}
