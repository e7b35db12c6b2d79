using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ZmqLoop.Dashboard;

/// <summary>Snapshots for all who ask: one a second is taken, whoever asks how often, and none while nobody does. Any thread.</summary>
/// <param name="time">The clock.</param>
internal sealed class SnapshotFeed(TimeProvider time)
{
    private const int MostRendered = 16;
    private const int LooksPerSample = 10;
    private const int LooksAlone = 10 * LooksPerSample; // in which who asks again, or reloads a page, comes back

    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _tooOld = TimeSpan.FromSeconds(10); // rates over a longer time are no rates of now

    private readonly Lock _gate = new();
    private readonly Dictionary<SnapshotQuery, byte[]> _rendered = [];
    private SnapshotSampler? _sampler;
    private Sample? _sample;
    private long _sampledAt;
    private TaskCompletionSource _next = NewNext();
    private int _listeners;
    private int _alone; // looks since somebody listened, or asked
    private bool _isRunning; // looks are taken, and samples for those who listen

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
            Watch();
            TakeSampleIfOld();
            return Render(query);
        }
    }

    /// <summary>A snapshot now, and one a second from then on. Ends when it is cancelled, without an error.</summary>
    public async IAsyncEnumerable<byte[]> ListenAsync(
        SnapshotQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _listeners++;
            Watch();
        }

        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Task next;
                byte[] snapshot;
                lock (_gate)
                {
                    next = _next.Task;
                    TakeSampleIfOld(); // somebody may have asked some time ago
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

    /// <summary>The loops are looked at from now on, also for those who only ask now and then: how long a callback runs is known from the
    /// looks that have found it. Under the lock.</summary>
    private void Watch()
    {
        _alone = 0;
        if (_isRunning) return;
        _isRunning = true;

        // A thread of its own: after each look a worker of the pool would spin for a while, for more work that does not come; and a pool
        // without a worker left, which is worth seeing, would show nothing.
        new Thread(Run) { Name = "ZmqLoop page", IsBackground = true }.UnsafeStart();
    }

    private void Run()
    {
        for (int looks = 1;; looks++)
        {
#pragma warning disable RS0030 // no loop runs on this thread
            Thread.Sleep(_period / LooksPerSample);
#pragma warning restore RS0030
            lock (_gate)
            {
                _alone = _listeners > 0 ? 0 : _alone + 1;
                if (_alone > LooksAlone) Forget();
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
            if (looks % LooksPerSample != 0 || _listeners == 0)
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

    private void TakeSampleIfOld()
    {
        if (_sample is null || time.GetElapsedTime(_sampledAt) >= _period * 0.95) TakeSample();
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
