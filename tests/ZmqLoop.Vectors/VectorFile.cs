using System.Text.Json;

namespace ZmqLoop.Vectors;

/// <summary>A file of small programs, each with the trace that it must produce.</summary>
public static class VectorFile
{
    private const int Format = 1;

    /// <summary>The file that comes with the project.</summary>
    public static string PublicFile { get; } = Path.Combine(AppContext.BaseDirectory, "vectors-public.json");

    /// <summary>Reads the programs of a file.</summary>
    /// <exception cref="VectorFileException">The file cannot be read, or is no such file; the message says why.</exception>
    public static IReadOnlyList<VectorProgram> Load(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 1000 });
            JsonElement root = document.RootElement.Clone();
            int format = Json.Member(root, "format").GetInt32();
            if (format != Format) throw new VectorFileException($"The file is of format {format}; this program knows format {Format}.");
            return [.. Json.Member(root, "programs").EnumerateArray().Select(program => VectorProgram.Parse(program))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException
            or VectorFileException)
        {
            throw new VectorFileException($"Cannot read the vectors in {path}: {error.Message}", error);
        }
    }
}

/// <summary>A program and the trace that it must produce.</summary>
public sealed class VectorProgram
{
    private readonly JsonElement _json;

    private VectorProgram(JsonElement json, IReadOnlyList<string>? expected)
    {
        _json = json;
        Name = Json.Text(json, "name") ?? throw new VectorFileException("A program has no name.");
        ManualStart = Json.Has(json, "manualStart", out JsonElement manual) && manual.GetBoolean();
        Expected =
            expected ?? Deviations.Of(Name) ?? (Json.Has(json, "clean", out _) ? Json.Texts(json, "clean") : Json.Texts(json, "trace"));
    }

    public string Name { get; }

    public bool ManualStart { get; }

    /// <summary>What the library must do: tornado's trace, without tornado's accidents.</summary>
    public IReadOnlyList<string> Expected { get; }

    /// <summary>A program, with the trace that is given here or else its own.</summary>
    public static VectorProgram Parse(JsonElement json, IReadOnlyList<string>? expected = null) => new(json, expected);

    /// <summary>The steps, with counters at zero.</summary>
    public IReadOnlyList<Step> ParseSteps() => Json.Steps(_json, "main");

    public override string ToString() => Name;
}

/// <summary>A file of vectors that cannot be understood.</summary>
public sealed class VectorFileException(string message, Exception? innerException = null) : Exception(message, innerException);
