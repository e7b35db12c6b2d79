using System.Collections;
using System.Reflection;

namespace ZmqLoop.Interop;

/// <summary>Where a NetMQ socket is bound and connected to, which it does not publish but for the last one.</summary>
internal static class EndpointInternals
{
    // An accessor cannot return a field whose type is not published. The trimmer follows constant names.
    private static readonly FieldInfo? _field =
        Type.GetType("NetMQ.Core.SocketBase, NetMQ")?.GetField("m_endpoints", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>True if this version of NetMQ has the member, in the shape that is expected here.</summary>
    public static bool AreKnown { get; } = _field?.FieldType.IsAssignableTo(typeof(IDictionary)) == true;

    /// <summary>All but inproc names, as they were given, or, for tcp that was bound, with the port that was found.</summary>
    public static IEnumerable<string> Of(object core) => ((IDictionary)_field!.GetValue(core)!).Keys.OfType<string>();
}
