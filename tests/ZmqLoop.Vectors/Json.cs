using System.Text.Json;

namespace ZmqLoop.Vectors;

/// <summary>Reads optional members; null counts as absent.</summary>
internal static class Json
{
    public static bool Has(JsonElement json, string field, out JsonElement value) =>
        json.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;

    public static JsonElement Member(JsonElement json, string field) =>
        Has(json, field, out JsonElement value) ? value : throw new VectorFileException($"\"{field}\" is missing in {json}.");

    public static string? Text(JsonElement json, string field)
    {
        if (!Has(json, field, out JsonElement value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
    }

    public static IReadOnlyList<string> Texts(JsonElement json, string field) =>
        Has(json, field, out JsonElement value) ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : [];

    public static int[]? Integers(JsonElement json, string field) =>
        Has(json, field, out JsonElement value) ? [.. value.EnumerateArray().Select(item => item.GetInt32())] : null;

    public static IReadOnlyList<Step> Steps(JsonElement json, string field) =>
        Has(json, field, out JsonElement value) ? [.. value.EnumerateArray().Select(Step.Parse)] : [];
}
