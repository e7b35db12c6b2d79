using System.Security.Cryptography;
using System.Text;

namespace ZmqLoop.Streams;

/// <summary>Names and their passwords, behind a keyed hash: looking up a name takes the same time whether it is known or not, however long
/// the right one is, and whatever names there are beside it.</summary>
internal sealed class Passwords
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _nobody = new byte[32];
    private readonly Dictionary<string, byte[]> _known = new(StringComparer.Ordinal);

    public Passwords(IReadOnlyDictionary<string, string> passwords)
    {
        foreach ((string name, string password) in passwords) _known.Add(Name(name), Hash(Encoding.UTF8.GetBytes(password)));
    }

    public AuthenticationResult Judge(string name, byte[] password)
    {
        bool isKnown = _known.TryGetValue(Name(name), out byte[]? right);
        bool isRight = CryptographicOperations.FixedTimeEquals(Hash(password), right ?? _nobody);
        return isKnown && isRight ? true : AuthenticationResult.Deny(isKnown ? "Invalid password" : "Invalid username");
    }

    private string Name(string name) => Convert.ToHexString(Hash(Encoding.UTF8.GetBytes(name)));

    private byte[] Hash(byte[] bytes) => HMACSHA256.HashData(_key, bytes);
}
