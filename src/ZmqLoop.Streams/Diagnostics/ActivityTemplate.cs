using System.Diagnostics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>What all activities of one kind have in common, made once: a sampler is asked by it about each of them, and most samplers want
/// few. What differs comes to those alone that are recorded.</summary>
/// <param name="name">Their name.</param>
/// <param name="kind">Their kind.</param>
/// <param name="tags">What they are known by from their beginning: what OpenTelemetry wants samplers to know of, where it is
/// known.</param>
internal sealed class ActivityTemplate(string name, ActivityKind kind, Tag[] tags)
{
    /// <summary>Begins one, and leaves the current activity as it is. Null where nobody wants it.</summary>
    /// <param name="parent">Its parent, <c>default</c> for none; null for the current activity.</param>
    public Activity? Begin(ActivityContext? parent = null) => Activities.Begin(name, kind, parent, tags);
}
