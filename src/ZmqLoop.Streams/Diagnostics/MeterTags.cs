using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>By what measurements tell apart whom they are of.</summary>
internal static class MeterTags
{
    /// <param name="loop">Where it runs.</param>
    /// <param name="name">What it is called, or null.</param>
    /// <param name="more">What else there is to tell.</param>
    public static Tag[] Of(IOLoop loop, string? name, params ReadOnlySpan<Tag> more)
    {
        List<Tag> tags = [new("messaging.system", "zeromq"), .. loop.MeterTags, .. more];
        if (name is not null) tags.Add(new Tag("messaging.destination.name", name));
        return [.. tags];
    }

    /// <summary>The same for all whose measurements are one series.</summary>
    public static string SeriesOf(Tag[] tags) => string.Join('/', tags.Select(static tag => $"{tag.Key}={tag.Value}"));
}
