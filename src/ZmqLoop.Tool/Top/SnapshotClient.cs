using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZmqLoop.Tool.Top;

/// <summary>Asks a live page for its data.</summary>
internal sealed class SnapshotClient : IDisposable
{
    private const int Version = 1;
    private const int Largest = 64 << 20; // bytes of a snapshot

    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = Largest };
    private readonly Uri _data;

    /// <param name="url">The page.</param>
    /// <param name="filter">Which streams; null for all.</param>
    /// <param name="streams">How many at most.</param>
    public SnapshotClient(string url, string? filter, int streams)
    {
        if (!Uri.TryCreate(url.TrimEnd('/') + "/data", UriKind.Absolute, out Uri? data) || data.Scheme is not ("http" or "https"))
            throw new ToolException($"'{url}' is no address of a page: write http://127.0.0.1:5080/.");
        string query = $"streams={streams.ToString(CultureInfo.InvariantCulture)}"
            + (filter is null ? "" : "&filter=" + Uri.EscapeDataString(filter));
        Address = url;
        _data = new UriBuilder(data) { Query = query }.Uri;
    }

    /// <summary>The page.</summary>
    public string Address { get; }

    /// <summary>The snapshot of this moment.</summary>
    public async Task<JsonObject> ReadSnapshotAsync(CancellationToken cancellationToken) => Parse(await ReadAsync(cancellationToken));

    /// <summary>The same as text.</summary>
    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(_data, cancellationToken);
            string text = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? text
                : throw new ToolException($"{_data} answered {(int)answer.StatusCode}: {First(text)}", ExitCode.Failed);
        }
        catch (HttpRequestException exception)
        {
            throw new ToolException($"{_data} does not answer: {exception.Message}. Does the service serve ZmqLoop.Dashboard there?",
                ExitCode.Failed);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"{_data} has not answered within {_http.Timeout.TotalSeconds} s.", ExitCode.TimedOut);
        }
    }

    public void Dispose() => _http.Dispose();

    private static JsonObject Parse(string text)
    {
        try
        {
            JsonObject snapshot = JsonNode.Parse(text, documentOptions: _strict)!.AsObject();
            int version = (int)snapshot["version"]!;
            return version == Version ? snapshot : throw new ToolException(
                $"The page's data is of version {version}, and this tool reads {Version}: take a tool of the service's version.",
                ExitCode.Failed);
        }
        catch (Exception exception) when (exception is JsonException or NullReferenceException or InvalidOperationException
            or FormatException)
        {
            throw new ToolException($"What came is no snapshot of a live page: {First(text)}", ExitCode.Failed);
        }
    }

    private static string First(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
