using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>The requests that have no answer yet, by number. Who takes one out of it ends it, so that each ends once. Any thread.</summary>
internal sealed class RequestTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingReply> _requests = [];
    // Begins anywhere: another client that has this one's routing id, such as this program before it was started anew, has other numbers.
    private ulong _last = (ulong)Random.Shared.NextInt64();
    private string? _closed;
    private TaskCompletionSource? _empty;

    public int Count
    {
        get
        {
            lock (_gate) return _requests.Count;
        }
    }

    public PendingReply Add(RequestOptions options, long start)
    {
        lock (_gate)
        {
            if (_closed is not null) throw new ObjectDisposedException(nameof(RequestClient), _closed);
            PendingReply request = new(++_last, options, start);
            _requests.Add(request.Number, request);
            return request;
        }
    }

    public bool TryTake(ulong number, [NotNullWhen(true)] out PendingReply? request)
    {
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            if (!_requests.Remove(number, out request)) return false;
            if (_requests.Count == 0) empty = _empty;
        }

        empty?.TrySetResult();
        return true;
    }

    /// <summary>Adds no more.</summary>
    /// <param name="why">For who tries.</param>
    /// <returns>Ends when all have ended.</returns>
    public Task Complete(string why)
    {
        lock (_gate)
        {
            _closed ??= why;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_requests.Count == 0) _empty.TrySetResult();
            return _empty.Task;
        }
    }

    public List<PendingReply> TakeAll()
    {
        lock (_gate)
        {
            List<PendingReply> all = [.. _requests.Values];
            _requests.Clear();
            _empty?.TrySetResult();
            return all;
        }
    }
}
