using System.Reflection;
using System.Runtime.CompilerServices;
using AsyncIO;

namespace ZmqLoop.Interop;

/// <summary>The members of NetMQ with which the end of a listener or a connector can be begun again that failed half-way.</summary>
internal static class TerminateInternals
{
    private const string ZObject = "NetMQ.Core.ZObject, NetMQ";
    private const string Own = "NetMQ.Core.Own, NetMQ";
    private const string Options = "NetMQ.Core.Options, NetMQ";
    private const string Proactor = "NetMQ.Core.Utils.Proactor, NetMQ";
    private const string Events = "NetMQ.Core.IProactorEvents, NetMQ";

    // An accessor cannot return a field whose type is not published. The trimmer follows constant names.
    private static readonly FieldInfo? _optionsField =
        Type.GetType(Own)?.GetField("m_options", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>True if this version of NetMQ has all of them, in the shape that is expected here.</summary>
    public static bool AreKnown { get; } = _optionsField is not null
        && MemberLookup.Exists(static () => ProcessTerm(null!, 0))
        && MemberLookup.Exists(static () => AddSocket(null!, null!, null!))
        && MemberLookup.Exists(static () => Linger(null!));

    /// <summary>Ends it, once its owner has asked for that.</summary>
    public static void Terminate(object owned) => ProcessTerm(owned, Linger(_optionsField!.GetValue(owned)!));

    /// <summary>Has an I/O thread look after a socket.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void AddSocket([UnsafeAccessorType(Proactor)] object proactor, AsyncSocket socket,
        [UnsafeAccessorType(Events)] object events);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void ProcessTerm([UnsafeAccessorType(ZObject)] object owned, int linger);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Linger")]
    private static extern int Linger([UnsafeAccessorType(Options)] object options);
}
