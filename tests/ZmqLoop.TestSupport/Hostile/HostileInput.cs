namespace ZmqLoop.Testing.Hostile;

/// <summary>What a stranger sends on one connection.</summary>
/// <param name="Kind">What it tries.</param>
/// <param name="Bytes">All of it.</param>
/// <param name="Kills">True for what makes NetMQ 4.0.4.5 throw on its I/O thread, where no limit on messages prevents it.</param>
public sealed record HostileInput(string Kind, byte[] Bytes, bool Kills)
{
    /// <summary>Where the bytes are cut into pieces that come one by one.</summary>
    public IReadOnlyList<int> Cuts { get; init; } = [];

    /// <summary>After how many bytes he waits for the other side's handshake, as libzmq expects of who wants to go on; 0 for not at
    /// all.</summary>
    public int Handshake { get; init; }

    /// <summary>Such as <c>empty command, 93 bytes: FF00…</c>.</summary>
    public override string ToString() =>
        $"{Kind}, {Bytes.Length} bytes: {Convert.ToHexString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 256)))}";
}
