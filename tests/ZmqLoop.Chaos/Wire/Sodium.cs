using System.Runtime.InteropServices;

namespace ZmqLoop.Chaos.Wire;

/// <summary>The library that libzmq encrypts with.</summary>
internal static unsafe partial class Sodium
{
    public const int KeyLength = 32;
    public const int BoxOverhead = 16;

    private const string Library = "libsodium.so.23";

    /// <summary>Whether it can be loaded.</summary>
    public static bool IsThere { get; } = NativeLibrary.TryLoad(Library, typeof(Sodium).Assembly, null, out _);

    public static (byte[] PublicKey, byte[] SecretKey) NewKeys()
    {
        byte[] publicKey = new byte[KeyLength];
        byte[] secretKey = new byte[KeyLength];
        fixed (byte* open = publicKey, secret = secretKey) _ = crypto_box_keypair(open, secret);
        return (publicKey, secretKey);
    }

    /// <summary>Encrypts and signs.</summary>
    public static byte[] Box(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> nonce, byte[] publicKey, byte[] secretKey)
    {
        byte[] box = new byte[plain.Length + BoxOverhead];
        fixed (byte* to = box, from = plain, once = nonce, open = publicKey, secret = secretKey)
            _ = crypto_box_easy(to, from, (ulong)plain.Length, once, open, secret);
        return box;
    }

    /// <summary>The opposite; null where it was not encrypted for these keys.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> nonce, byte[] publicKey, byte[] secretKey)
    {
        if (box.Length < BoxOverhead) return null;
        byte[] plain = new byte[box.Length - BoxOverhead];
        fixed (byte* to = plain, from = box, once = nonce, open = publicKey, secret = secretKey)
            return crypto_box_open_easy(to, from, (ulong)box.Length, once, open, secret) == 0 ? plain : null;
    }

    [LibraryImport(Library)]
    private static partial int crypto_box_keypair(byte* publicKey, byte* secretKey);

    [LibraryImport(Library)]
    private static partial int crypto_box_easy(byte* box, byte* plain, ulong length, byte* nonce, byte* publicKey, byte* secretKey);

    [LibraryImport(Library)]
    private static partial int crypto_box_open_easy(byte* plain, byte* box, ulong length, byte* nonce, byte* publicKey, byte* secretKey);
}
