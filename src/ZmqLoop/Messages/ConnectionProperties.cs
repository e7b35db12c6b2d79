namespace ZmqLoop;

/// <summary>What was kept of the connection that a copied message came by.</summary>
/// <param name="names">Which properties were asked for.</param>
/// <param name="values">Theirs, in that order; null where the connection has none of that name.</param>
internal sealed class ConnectionProperties(string[] names, string?[] values)
{
    /// <summary>True where the frame that was asked knew nothing.</summary>
    public bool AreUnknown => Array.TrueForAll(values, static value => value is null);

    /// <summary>Another frame of the message is asked. The message is nobody's yet.</summary>
    public void AskAgain(Func<string, string?> property)
    {
        for (int i = 0; i < names.Length; i++) values[i] = property(names[i]);
    }

    /// <exception cref="InvalidOperationException">It was not kept.</exception>
    public string? this[string name] => TryGet(name, out string? value) ? value : throw new InvalidOperationException(
        $"{name} was not kept of this copy: name it in the socket's KeptProperties before the message is received, or receive with "
        + "copy: false.");

    /// <returns>False where it was not kept.</returns>
    public bool TryGet(string name, out string? value)
    {
        int index = Array.IndexOf(names, name);
        value = index < 0 ? null : values[index];
        return index >= 0;
    }
}
