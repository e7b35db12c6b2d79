using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ZmqLoop.Dashboard;

/// <summary>Snapshots for all who ask: one a second is taken, whoever asks how often, and none while nobody does. Any thread.</summary>
/// <param name="time">The clock.</param>
internal sealed class SnapshotFeed(TimeProvider time)
{
    private const int MostRendered = 16;
    private const int LooksPerSample = 10;
    private const int LooksAlone = 50;

    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _tooOld = TimeSpan.FromSeconds(10); // rates over a longer time are no rates of now

    private readonly Lock _gate = new();
    private readonly Dictionary<SnapshotQuery, byte[]> _rendered = [];
    private SnapshotSampler? _sampler;
    private Sample? _sample;
    private long _sampledAt;
    private TaskCompletionSource _next = NewNext();
    private int _listeners;
    private bool _isRunning; // looks are taken, and samples

    /// <summary>How many listen now.</summary>
    public int Listeners
    {
        get
        {
            lock (_gate) return _listeners;
        }
    }

    /// <summary>The latest snapshot as JSON: taken now, where the last is a second old.</summary>
    public byte[] Get(SnapshotQuery query)
    {
        lock (_gate)
        {
            if (_sample is null || time.GetElapsedTime(_sampledAt) >= _period * 0.95) TakeSample();
            return Render(query);
        }
    }

    /// <summary>A snapshot now, and one a second from then on. Ends when it is cancelled, without an error.</summary>
    public async IAsyncEnumerable<byte[]> ListenAsync(
        SnapshotQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Begin();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Task next;
                byte[] snapshot;
                lock (_gate)
                {
                    next = _next.Task;
                    if (_sample is null) TakeSample();
                    snapshot = Render(query);
                }

                yield return snapshot;
                try
                {
                    await next.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    yield break;
                }
            }
        }
        finally
        {
            lock (_gate) _listeners--;
        }
    }

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Begin()
    {
        lock (_gate)
        {
            _listeners++;
            if (_isRunning) return;
            _isRunning = true;
        }

        _ = RunAsync(); // ends soon after the last listener has gone
    }

    /// <summary>Looks, and takes samples, while somebody listens, and for a moment more, in which who reloads a page comes back.</summary>
    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(_period / LooksPerSample, time);
        int alone = 0;
        for (int looks = 1; await timer.WaitForNextTickAsync().ConfigureAwait(false); looks++)
        {
            lock (_gate)
            {
                alone = _listeners > 0 ? 0 : alone + 1;
                if (alone > LooksAlone) Forget();
                if (!_isRunning || !TryGoOn(looks)) return;
            }
        }
    }

    /// <summary>The next look, or sample. Those who listen hear of one that fails, and the request's log with them.</summary>
    private bool TryGoOn(int looks)
    {
        TaskCompletionSource next = _next;
        try
        {
            if (looks % LooksPerSample != 0)
            {
                _sampler?.Look();
                return true;
            }

            TakeSample();
            _next = NewNext();
            next.SetResult();
            return true;
        }
        catch (Exception exception)
        {
            Forget();
            next.SetException(exception);
            return false;
        }
    }

    private void Forget()
    {
        _isRunning = false;
        _next = NewNext();
        _sampler = null;
        _sample = null;
        _rendered.Clear();
    }

    private void TakeSample()
    {
        if (_sampler is null || time.GetElapsedTime(_sampledAt) > _tooOld) _sampler = new SnapshotSampler(time);
        _sample = _sampler.Take();
        _sampledAt = time.GetTimestamp();
        _rendered.Clear();
    }

    private byte[] Render(SnapshotQuery query)
    {
        if (_rendered.TryGetValue(query, out byte[]? json)) return json;
        json = JsonSerializer.SerializeToUtf8Bytes(_sample!.Show(query), SnapshotJson.Default.Snapshot);
        if (_rendered.Count < MostRendered) _rendered.Add(query, json);
        return json;
    }
}
