using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ZmqLoop.Interop;

/// <summary>What a publisher keeps of what its subscribers send: an XPUB's user reads it, a PUB's cannot.</summary>
internal static class PubInternals
{
    private const string Publisher = "NetMQ.Core.Patterns.XPub, NetMQ";

    // Its type is one of NetMQ's inside, which no accessor can name. The trimmer follows constant names.
    private static readonly FieldInfo? _unreadField =
        Type.GetType(Publisher)?.GetField("m_pendingMessages", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>True if this version of NetMQ has it, in the shape that is expected here.</summary>
    public static bool AreKnown { get; } = NewQueue() is not null;

    /// <summary>What is behind a PUB or XPUB socket has these messages that nobody has read.</summary>
    public static ICollection Unread(object core) => (ICollection)_unreadField!.GetValue(core)!;

    /// <summary>Throws them away.</summary>
    /// <returns>Those that come from now on.</returns>
    public static ICollection Discard(object core)
    {
        ICollection empty = NewQueue()!;
        _unreadField!.SetValue(core, empty);
        return empty;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "NetMQ makes one itself, by the same constructor.")]
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is missing, it is not the shape that is expected.")]
    private static ICollection? NewQueue()
    {
        try
        {
            return _unreadField is null ? null : Activator.CreateInstance(_unreadField.FieldType) as ICollection;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
