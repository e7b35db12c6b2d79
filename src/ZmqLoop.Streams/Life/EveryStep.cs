using System.Runtime.ExceptionServices;

namespace ZmqLoop.Streams;

/// <summary>Steps that are all taken, whatever one of them throws.</summary>
internal sealed class EveryStep
{
    private ExceptionDispatchInfo? _first;

    /// <summary>Takes a step.</summary>
    public void Take(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception)
        {
            _first ??= ExceptionDispatchInfo.Capture(exception);
        }
    }

    /// <summary>Throws what was thrown first, if anything was.</summary>
    public void End() => _first?.Throw();
}
