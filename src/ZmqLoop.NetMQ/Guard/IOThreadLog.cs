using Microsoft.Extensions.Logging;

namespace ZmqLoop.Guard;

/// <summary>Says what was contained on NetMQ's I/O threads, so that somebody who sends it a million times does not fill the disk as well,
/// and counts all of it.</summary>
internal sealed class IOThreadLog(Func<ILogger?> logger, TimeProvider time)
{
    private const int PerMinute = 20;

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _minuteBegan = long.MinValue;
    private int _told;
    private long _untold;

    /// <summary>Null where a connection was found broken by what threw before.</summary>
    public void Connection(Exception? exception, string peer, string endpoint)
    {
        Tell(NetMQMeter.Connection, exception,
            $"NetMQ could not cope with what {peer} sent ({endpoint}); that connection was closed, and all others go on");
    }

    /// <summary>Null where it was the descriptors, of which too few are left.</summary>
    public void Listener(Exception? exception, string? endpoint)
    {
        string why = exception is null ? ", since the process has nearly all descriptors open that it may" : "";
        Tell(NetMQMeter.Listener, exception, $"No connection could be accepted at {endpoint}{why}; it tries again in a moment");
    }

    public void Connector(Exception exception, string endpoint)
    {
        Tell(NetMQMeter.Connector, exception, $"NetMQ could not connect to {endpoint}; it tries again after the socket's interval");
    }

    /// <summary>Nothing is known that could be closed.</summary>
    public void Unknown(Exception exception, string place)
    {
        Tell(NetMQMeter.Other, exception,
            $"An exception {place} on an I/O thread of NetMQ's; the thread goes on, but a connection may have come to a stop");
    }

    private void Tell(string what, Exception? exception, string message)
    {
        NetMQMeter.Contained(what, exception);
        long untold;
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (_minuteBegan == long.MinValue || time.GetElapsedTime(_minuteBegan, now) >= _minute)
            {
                _minuteBegan = now;
                _told = 0;
            }

            if (_told == PerMinute)
            {
                _untold++;
                return;
            }

            _told++;
            untold = _untold;
            _untold = 0;
        }

        if (untold > 0) message += $" (and {untold} before it, which were only counted)";
        try
        {
            if (logger() is { } to) NetMQLog.Contained(to, exception, message);
            else if (exception is null) Console.Error.WriteLine($"ZmqLoop: {message}");
            else Console.Error.WriteLine($"ZmqLoop: {message}: {exception.GetType().Name}: {exception.Message}");
        }
        catch (Exception)
        {
            // A logger that throws is not to end what it was to tell of.
        }
    }
}
