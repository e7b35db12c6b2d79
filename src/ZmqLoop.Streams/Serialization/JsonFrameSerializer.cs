using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace ZmqLoop.Streams;

/// <summary>JSON, by System.Text.Json: with source-generated contracts, so that it works trimmed and with Native AOT.
/// <see cref="JsonNode"/> needs no contract.</summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed class JsonFrameSerializer : IFrameSerializer
{
    /// <summary>What the members without contracts warn of.</summary>
    internal const string Reflection =
        "The type is looked at by reflection: give a JsonTypeInfo instead, or a Serializer with contracts.";

    private static JsonFrameSerializer? _ofReflection;

    private readonly JsonSerializerOptions _options;

    /// <summary>For <see cref="JsonNode"/> alone.</summary>
    internal static JsonFrameSerializer Nodes { get; } =
        new(new JsonSerializerOptions { TypeInfoResolver = JsonTypeInfoResolver.Combine() });

    /// <summary>With the contracts of a source-generated context: <c>new JsonFrameSerializer(ShopContext.Default)</c>.</summary>
    /// <param name="context">Has a contract for each type that is sent or received.</param>
    public JsonFrameSerializer(JsonSerializerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _options = context.Options;
    }

    /// <summary>With options that have contracts: their <see cref="JsonSerializerOptions.TypeInfoResolver"/> is one or several
    /// contexts.</summary>
    /// <param name="options">They cannot be changed from now on.</param>
    /// <exception cref="ArgumentException">The options have no contracts.</exception>
    public JsonFrameSerializer(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TypeInfoResolver is null)
            throw new ArgumentException("These options have no contracts: set their TypeInfoResolver to a source-generated context, "
                + "or use JsonFrameSerializer.WithReflection where nothing is trimmed.", nameof(options));
        options.MakeReadOnly();
        _options = options;
    }

    /// <summary>Without contracts: types are looked at while the program runs, which a trimmed one, or Native AOT, cannot.</summary>
    /// <param name="options">Null for the defaults.</param>
    [RequiresUnreferencedCode("Types are looked at by reflection: give the constructor a source-generated context instead.")]
    [RequiresDynamicCode("Types are looked at by reflection: give the constructor a source-generated context instead.")]
    public static JsonFrameSerializer WithReflection(JsonSerializerOptions? options = null) =>
        new(new JsonSerializerOptions(options ?? JsonSerializerOptions.Default) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() });

    /// <summary>The one for calls that name neither contracts nor options. It writes names as they are in C#, and reads them in any case:
    /// the other side may be a host, which writes them as the web does.</summary>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    internal static JsonFrameSerializer OfReflection() =>
        _ofReflection ??= WithReflection(new JsonSerializerOptions { PropertyNameCaseInsensitive = true });

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">There is no contract for the type.</exception>
    public void Serialize<T>(T value, IBufferWriter<byte> target)
    {
        using Utf8JsonWriter writer = new(target, new JsonWriterOptions { Encoder = _options.Encoder, Indented = _options.WriteIndented });
        if (value is JsonNode node) node.WriteTo(writer);
        else JsonSerializer.Serialize(writer, value, ContractOf<T>());
    }

    /// <inheritdoc/>
    /// <exception cref="JsonException">The bytes are no such value.</exception>
    /// <exception cref="NotSupportedException">There is no contract for the type.</exception>
    public T? Deserialize<T>(ReadOnlySpan<byte> source)
    {
        if (!typeof(T).IsAssignableTo(typeof(JsonNode))) return Deserialize(source, ContractOf<T>());
        VerifyTexts(source, _options);
        JsonNode? node = JsonNode.Parse(source, nodeOptions: null, new JsonDocumentOptions
        {
            MaxDepth = _options.MaxDepth, AllowTrailingCommas = _options.AllowTrailingCommas, AllowDuplicateProperties = false,
        });
        return node is null ? default : node is T value ? value : throw new JsonException($"It is a {node.GetValueKind()}.");
    }

    /// <summary>By a contract. What is no such value is a <see cref="JsonException"/>, also where a type that has several forms is not
    /// given its form.</summary>
    internal static T? Deserialize<T>(ReadOnlySpan<byte> source, JsonTypeInfo<T> contract)
    {
        VerifyTexts(source, contract.Options);
        try
        {
            return JsonSerializer.Deserialize(source, contract);
        }
        catch (NotSupportedException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <summary>A node, or an element, of a value or in it, looks at its texts when it is asked for them, and would throw in the hands of
    /// whoever has it.</summary>
    private static void VerifyTexts(ReadOnlySpan<byte> source, JsonSerializerOptions options)
    {
        if (!Utf8.IsValid(source)) throw new JsonException("It is no UTF-8.");
        if (source.IndexOf("\\u"u8) < 0) return; // no half of a surrogate pair can be in it
        Utf8JsonReader reader = new(source, new JsonReaderOptions
        {
            MaxDepth = options.MaxDepth, AllowTrailingCommas = options.AllowTrailingCommas, CommentHandling = options.ReadCommentHandling,
        });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) continue;
            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException exception) // half of a surrogate pair
            {
                throw new JsonException(exception.Message, exception);
            }
        }
    }

    private JsonTypeInfo<T> ContractOf<T>() => (JsonTypeInfo<T>)_options.GetTypeInfo(typeof(T));
}
