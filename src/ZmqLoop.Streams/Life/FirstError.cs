using System.Runtime.ExceptionServices;

namespace ZmqLoop.Streams;

/// <summary>What the first of several steps throws that are all taken.</summary>
internal sealed class FirstError
{
    private ExceptionDispatchInfo? _first;

    /// <summary>Takes a step, and keeps what it throws for <see cref="Throw"/>.</summary>
    public void Catch(Action step)
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
    public void Throw() => _first?.Throw();
}
