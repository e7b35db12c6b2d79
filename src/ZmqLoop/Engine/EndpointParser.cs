using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ZmqLoop;

/// <summary>What is wrong with an endpoint, said at the call, for every engine: libzmq takes port 99999 for 34463 and 1x for 1, connects to
/// port 0 for ever, and has one word for all else.</summary>
/// <remarks>It looks at tcp, ipc and inproc. What an engine may know beyond them is left to it.</remarks>
internal static class EndpointParser
{
    private const int InvalidArgument = 22; // EINVAL, everywhere
    private const string Separator = "://";
    private const string Examples = "tcp://127.0.0.1:5555 or inproc://name";

    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <param name="call">What is tried.</param>
    /// <param name="endpoint">Where.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ZMQException">It is wrong.</exception>
    public static void Verify(EndpointCall call, [NotNull] string? endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (string.IsNullOrWhiteSpace(endpoint))
            throw new ArgumentException($"An endpoint is a transport and an address, such as {Examples}.", nameof(endpoint));
        bool binds = call is EndpointCall.Bind or EndpointCall.Unbind; // there may be a * where one listens
        if (Fault(endpoint, binds) is { } fault) Refuse(call, endpoint, fault);
    }

    /// <summary>An endpoint that a socket cannot have as it is set.</summary>
    [DoesNotReturn]
    public static void Refuse(EndpointCall call, string endpoint, string fault) => throw new ZMQException(ZMQErrorCode.InvalidArgument,
        InvalidArgument, "EINVAL", $"{EndpointErrors.NameOf(call)} {endpoint} failed: {fault} (EINVAL).", endpoint);

    /// <summary>Whether it names an address of IPv6.</summary>
    public static bool IsIPv6(string endpoint) => endpoint.StartsWith("tcp://[", StringComparison.Ordinal);

    private static string? Fault(string endpoint, bool binds)
    {
        if (char.IsWhiteSpace(endpoint[0]) || char.IsWhiteSpace(endpoint[^1])) return "there is white space around it";
        if (endpoint.Contains('\0', StringComparison.Ordinal)) return "there is a NUL character in it";
        int end = endpoint.IndexOf(Separator, StringComparison.Ordinal);
        if (end > 0 && endpoint[0] is '@' or '>' or '+' or '-')
            return $"'{endpoint[0]}' is how NetMQ's constructors tell Bind from Connect: leave it out, and call the one you mean";
        if (end <= 0) return $"an endpoint begins with a transport, as in {Examples}";
        string address = endpoint[(end + Separator.Length)..];
        return endpoint[..end] switch
        {
            "tcp" => TcpFault(address, binds),
            "ipc" when address.Length == 0 => "after ipc:// there is a path, as in ipc:///tmp/x",
            "ipc" when address == "*" && !binds =>
                "* is a path that a bind makes up: connect to the LastEndpoint of the socket that was bound",
            "inproc" when address.Length == 0 => "after inproc:// there is a name, as in inproc://workers",
            _ => null,
        };
    }

    private static string? TcpFault(string address, bool binds)
    {
        // Where one connects, the address to do so from may stand before.
        int source = binds ? -1 : address.LastIndexOf(';');
        if (source >= 0 && TcpFault(address[..source], binds: true) is { } fault) return fault;
        address = address[(source + 1)..];
        int colon = address.LastIndexOf(':');
        if (colon < 0 || colon < address.LastIndexOf(']'))
        {
            return binds
                ? "it has no port: a number, as in tcp://127.0.0.1:5555, or * for one that is free, as in tcp://127.0.0.1:*"
                : "it has no port, as in tcp://127.0.0.1:5555";
        }

        return HostFault(address[..colon], binds) ?? PortFault(address[(colon + 1)..], binds);
    }

    private static string? HostFault(string host, bool binds)
    {
        if (host.Length == 0)
        {
            return binds
                ? "it has no address: tcp://127.0.0.1:5555 listens to this machine alone, tcp://*:5555 to all"
                : "it has no host to connect to, as in tcp://127.0.0.1:5555";
        }

        if (host == "*") return binds ? null : "* is for binding, to all addresses of this machine: name the host to connect to";
        if (host is ['[', .. string inside, ']']) return IsIPv6Address(inside) ? null : NoHost(host);
        if (host.Contains(':', StringComparison.Ordinal)) return "an address of IPv6 stands in brackets, as in tcp://[::1]:5555";
        if (EndsInNumber(host)) return IsIPv4(host) ? null : $"{NoHost(host)}; an address of IPv4 is four decimal numbers, as in 127.0.0.1";
        return host.All(static letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or '%') ? null : NoHost(host);
    }

    // As in a URL: no name ends so, and what is meant by 127.1, 0x7f.1 or 0177.0.0.1 is guessed by each library in its own way.
    private static bool EndsInNumber(string host)
    {
        ReadOnlySpan<char> last = host.AsSpan().TrimEnd('.');
        last = last[(last.LastIndexOf('.') + 1)..];
        if (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return !last[2..].ContainsAnyExcept(_hexDigits);
        return last.Length > 0 && !last.ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsIPv4(string host)
    {
        string[] parts = host.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, static part => part is "0" or [>= '1' and <= '9', ..]
            && byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }

    private static string NoHost(string host) => $"'{host}' is neither an address nor a name";

    private static bool IsIPv6Address(string text)
    {
        int zone = text.IndexOf('%', StringComparison.Ordinal); // an interface's name, which .NET may not know
        return IPAddress.TryParse(zone < 0 ? text : text[..zone], out IPAddress? address)
            && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    private static string? PortFault(string port, bool binds)
    {
        if (binds && port == "*") return null;
        bool isNumber = ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number);
        if (isNumber && (binds || number > 0)) return null;
        if (isNumber || port == "*")
            return $"port {port} stands for one that a bind finds: connect to the LastEndpoint of the socket that was bound";
        return $"'{port}' is no port: a number from 1 to 65535{(binds ? ", or * for one that is free" : "")}";
    }
}
