namespace ZmqLoop;

/// <summary>A pair of keys for CURVE, as 32 bytes each. pyzmq's <c>curve_keypair</c>.</summary>
/// <param name="PublicKey">May be known to everybody.</param>
/// <param name="SecretKey">Keep it.</param>
public sealed record CurveKeyPair(byte[] PublicKey, byte[] SecretKey)
{
    private const int KeyLength = 32;
    private const int TextLength = 40; // of Z85

    /// <summary>A new pair, from the process's engine, <see cref="ZMQEngine.Default"/>. See
    /// <see cref="ZMQEngine.CreateCurveKeyPair"/>.</summary>
    /// <exception cref="InvalidOperationException">The application references no engine.</exception>
    /// <exception cref="ZMQException">The library was built without CURVE.</exception>
    public static CurveKeyPair Generate() => ZMQEngine.Default.CreateCurveKeyPair();

    /// <summary>The public key in Z85, as other programs write it.</summary>
    public string PublicKeyText => ToText(PublicKey);

    /// <summary>The secret key in Z85, as other programs write it.</summary>
    public string SecretKeyText => ToText(SecretKey);

    /// <summary>A key that is written in Z85.</summary>
    /// <exception cref="FormatException">It is not 40 characters of Z85.</exception>
    public static byte[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length != TextLength) throw new FormatException($"A CURVE key in Z85 has {TextLength} characters, not {text.Length}.");
        return Z85.Decode(text);
    }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"CURVE {PublicKeyText}";

    private static string ToText(byte[] key) =>
        key.Length == KeyLength ? Z85.Encode(key)
            : throw new InvalidOperationException($"A CURVE key has {KeyLength} bytes, not {key.Length}.");
}
