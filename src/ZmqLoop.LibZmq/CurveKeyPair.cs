using System.Text;
using ZmqLoop.Interop;

namespace ZmqLoop;

/// <summary>A pair of keys for CURVE, as 32 bytes each. pyzmq's <c>curve_keypair</c>.</summary>
/// <param name="PublicKey">May be known to everybody.</param>
/// <param name="SecretKey">Keep it.</param>
public sealed record CurveKeyPair(byte[] PublicKey, byte[] SecretKey)
{
    private const int KeyLength = 32;
    private const int TextLength = 40;      // of Z85

    /// <summary>A new pair.</summary>
    /// <exception cref="DllNotFoundException">libzmq is missing or too old.</exception>
    /// <exception cref="ZMQException">This libzmq was built without CURVE.</exception>
    public static unsafe CurveKeyPair Generate()
    {
        LibzmqLoader.EnsureLoaded();
        byte* publicText = stackalloc byte[TextLength + 1];
        byte* secretText = stackalloc byte[TextLength + 1];
        if (Libzmq.zmq_curve_keypair(publicText, secretText) != 0) throw Errors.Last().ToException("Making CURVE keys");
        return new CurveKeyPair(Decode(publicText), Decode(secretText));
    }

    /// <summary>The public key in Z85, as other programs write it.</summary>
    public unsafe string PublicKeyText
    {
        get
        {
            LibzmqLoader.EnsureLoaded();
            byte* text = stackalloc byte[TextLength + 1];
            fixed (byte* key = PublicKey)
            {
                if (PublicKey.Length != KeyLength || Libzmq.zmq_z85_encode(text, key, KeyLength) == null)
                    throw new InvalidOperationException($"A CURVE key has {KeyLength} bytes.");
            }

            return Encoding.ASCII.GetString(text, TextLength);
        }
    }

    /// <summary>A key that is written in Z85.</summary>
    /// <exception cref="FormatException">It is not 40 characters of Z85.</exception>
    public static unsafe byte[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        LibzmqLoader.EnsureLoaded();
        byte[] characters = Encoding.ASCII.GetBytes(text + '\0');
        byte[] key = new byte[KeyLength];
        fixed (byte* source = characters, target = key)
        {
            if (text.Length != TextLength || Libzmq.zmq_z85_decode(target, source) == null)
                throw new FormatException($"A CURVE key in Z85 has {TextLength} characters.");
        }

        return key;
    }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"CURVE {PublicKeyText}";

    private static unsafe byte[] Decode(byte* text)
    {
        byte[] key = new byte[KeyLength];
        fixed (byte* target = key) Libzmq.zmq_z85_decode(target, text);
        return key;
    }
}
