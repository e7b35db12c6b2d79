using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams;

// Who holds whom: one stream for each socket, and a loop that holds a stream no longer than something can happen on it.
public sealed partial class ZMQStream
{
    private static readonly ConditionalWeakTable<ZMQSocket, StreamRoot> _owners = [];

    private readonly StreamRoot _root; // null, for the finalizer, where the constructor threw
    private readonly long _madeAt;
    private readonly CallbackTrail? _madeBy; // where the loop records it

    /// <summary>
    /// The garbage collector found that nobody holds the stream, and nothing can happen on it. The loop closes it, and says so: on this thread nothing is done that could take long, call others or throw.
    /// </summary>
    ~ZMQStream()
    {
        if (_root is null || _closed) return;
        try
        {
            if (IOLoop.SpawnCallback(CloseForgotten)) return;
            _inbox.Close(); // whoever began to wait in the very moment in which the loop was closed hears of it
            ClosePolls();
        }
        catch (Exception)
        {
            // No memory, or a poller that cannot be woken: an exception here would end the process.
        }
    }

    /// <summary>How long ago the stream was made, by its loop's clock. Any thread.</summary>
    public TimeSpan Age => IOLoop.TimeProvider.GetElapsedTime(_madeAt);

    /// <summary>The streams that are open at this moment: for diagnostics, with <see cref="ToString"/>, <see cref="Age"/> and the other properties of each. Any thread. As asyncio's <c>all_tasks()</c>.</summary>
    /// <param name="loop">Only the streams on this loop; null for all of the process.</param>
    /// <remarks>Who keeps the list keeps the streams.</remarks>
    public static IReadOnlyList<ZMQStream> GetOpenStreams(IOLoop? loop = null)
    {
        List<ZMQStream> open = [];
        lock (_owners)
        {
            foreach ((_, StreamRoot root) in _owners)
            {
                if (root.Stream is { _closed: false } stream && (loop is null || ReferenceEquals(stream.IOLoop, loop))) open.Add(stream);
            }
        }

        return open;
    }

    /// <summary>For the meter: the sum over the open streams of each name.</summary>
    internal static IEnumerable<Measurement<long>> Measure(Func<ZMQStream, long> value) =>
        GetOpenStreams().GroupBy(static stream => stream._options.Name).Select(streams => new Measurement<long>(streams.Sum(value), streams.First()._meter.Tags));

    /// <summary>Something can still happen: a message comes to somebody, one goes out, somebody is told, or a drain ends. An async handler under way holds the stream by itself, as long as it can end.</summary>
    private bool IsNeeded => _draining || _receiver is not null || _inbox.Wanted > 0 || _queue.Count > 0 || _polls.Count > 0;

    /// <summary>Takes the socket, and has the loop watch it.</summary>
    private StreamRoot TakeSocket()
    {
        lock (_owners)
        {
            if (_owners.TryGetValue(Socket, out StreamRoot? present) && present.Stream is { _closed: false } owner)
                throw new InvalidOperationException($"The socket belongs to another stream already: {owner}.");
            StreamRoot root = new(this);
            Detached.Run(() => IOLoop.AddHandler(Socket, root.HandleEvents, IOEvents.None, _options.Priority));
            _owners.AddOrUpdate(Socket, root);
            return root;
        }
    }

    private void ReleaseSocket()
    {
        lock (_owners)
        {
            if (_owners.TryGetValue(Socket, out StreamRoot? root) && ReferenceEquals(root, _root)) _owners.Remove(Socket); // another stream may have an open socket by now
        }
    }

    private void CloseForgotten()
    {
        if (_closing != 0) return; // by somebody's finalizer
        bool wasOpen = !Socket.IsClosed;
        string name = ToString();
        try
        {
            CloseNow(null);
        }
        finally
        {
            if (wasOpen) WarnOfForgotten(name);
        }
    }

    private void WarnOfForgotten(string name)
    {
        string place = _madeBy?.ScheduledAt ?? "a place that IOLoopOptions.Debug would record";
        if (IOLoop.Logger is { } logger) StreamLog.Forgotten(logger, name, place);
        else Console.Error.WriteLine($"ZmqLoop: {name}, made at {place}, {StreamLog.WasForgotten}");
    }
}
