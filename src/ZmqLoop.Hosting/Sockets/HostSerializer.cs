using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>For an application that has registered no serializer.</summary>
internal static class HostSerializer
{
    private static JsonFrameSerializer? _json; // one for all, since it remembers the types

    /// <summary>JSON by reflection; null where types may not be looked at so, as in a program that is trimmed or compiled ahead of
    /// time.</summary>
    public static IFrameSerializer? Json => MayReflect
        ? _json ??= JsonFrameSerializer.WithReflection(new JsonSerializerOptions(JsonSerializerDefaults.Web)) : null;

    /// <summary>The switch of System.Text.Json's own, which trimming and Native AOT turn off: what stands behind it is left out.</summary>
    [FeatureSwitchDefinition("System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault")]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
#pragma warning disable IL4000 // the analyzer knows of no property that this one could be made of
    private static bool MayReflect => JsonSerializer.IsReflectionEnabledByDefault;
#pragma warning restore IL4000
}
