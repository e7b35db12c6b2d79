using System.Text;

namespace ZmqLoop.Streams;

/// <summary>Somebody who wants to connect: what an <see cref="Authenticator"/> is asked. RFC 27.</summary>
public sealed class AuthenticationRequest
{
    internal AuthenticationRequest(string domain, string address, byte[] routingId, string mechanism, byte[][] credentials)
    {
        Domain = domain;
        Address = address;
        RoutingId = routingId;
        Mechanism = mechanism;
        Credentials = credentials;
    }

    /// <summary>The <see cref="ZMQSocket.ZapDomain"/> of the socket that was connected to; empty where it has none.</summary>
    public string Domain { get; }

    /// <summary>Where the connection comes from: an IP address; over ipc what libzmq makes of the peer's ids
    /// (<c>localhost:uid:gid:pid</c>: see <see cref="IpcPeer"/>), or empty where the system tells none.</summary>
    public string Address { get; }

    /// <summary>Who it is, over ipc; null for who comes from an IP address.</summary>
    public IpcPeer? IpcPeer => Streams.IpcPeer.TryParse(Address, out IpcPeer? peer) ? peer : null;

    /// <summary>The <see cref="ZMQSocket.RoutingId"/> of the socket that was connected to.</summary>
    public ReadOnlyMemory<byte> RoutingId { get; }

    /// <summary><c>NULL</c>, <c>PLAIN</c>, <c>CURVE</c> or <c>GSSAPI</c>.</summary>
    public string Mechanism { get; }

    /// <summary>PLAIN: the name; GSSAPI: the principal; else empty.</summary>
    public string Username => Mechanism is "PLAIN" or "GSSAPI" ? Text(0) : "";

    /// <summary>PLAIN: the password; else empty.</summary>
    public string Password => Mechanism == "PLAIN" ? Text(1) : "";

    /// <summary>CURVE: the client's public key, 32 bytes; else empty.</summary>
    public ReadOnlyMemory<byte> PublicKey => Mechanism == "CURVE" ? Credentials[0] : default;

    /// <summary>CURVE: the client's public key in Z85, as in certificates; else empty.</summary>
    public string PublicKeyText => Z85.Encode(PublicKey.Span);

    internal byte[][] Credentials { get; }

    /// <summary>For logs: without the password; what the client chose is escaped, and cut.</summary>
    public override string ToString()
    {
        string who = Mechanism == "CURVE" ? $" {PublicKeyText}" : Username.Length > 0 ? $" '{EscapedText.Show(Username)}'" : "";
        string where = Address.Length > 0 ? EscapedText.Show(Address) : "nowhere";
        return $"{EscapedText.Show(Mechanism)}{who} from {where} for domain '{EscapedText.Show(Domain)}'";
    }

    private string Text(int index) => Encoding.UTF8.GetString(Credentials[index]);
}
