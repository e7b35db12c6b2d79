namespace ZmqLoop.Testing;

/// <summary>No parser of the library, but one that opens to a word only, says nothing until then, and yet is opened by who looks at its
/// branches: it shows that the guidance works. It stands here since SharpFuzz takes no assembly that uses it.</summary>
public static class CombinationLock
{
    public static bool Opens(byte[] input)
    {
        if (input.Length < 6) return false;
        if (input[0] != 'Z') return false;
        if (input[1] != 'M') return false;
        if (input[2] != 'Q') return false;
        return input[3] == 0xB5;
    }
}
