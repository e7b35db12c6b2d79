using Microsoft.Extensions.Logging;

namespace TaskService.Service;

/// <summary>Logs the first few errors of each kind, then one in many: a flood of bad requests is not a flood of log lines.</summary>
internal sealed class ErrorLog(ILogger logger)
{
    private const int First = 3;
    private const int Every = 250;
    private readonly SortedDictionary<string, int> _counts = [];

    public void Add(string kind, Exception exception)
    {
        int count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (count > First && count % Every != 0) return;
        if (exception is ServiceException) logger.LogWarning("{Kind} (no. {Count}): {Message}", kind, count, exception.Message);
        else logger.LogError(exception, "{Kind} (no. {Count})", kind, count);
    }

    public void Summarise()
    {
        foreach ((string kind, int count) in _counts) logger.LogWarning("{Count} × {Kind} in total", count, kind);
    }
}
