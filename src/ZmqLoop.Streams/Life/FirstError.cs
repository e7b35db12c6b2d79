using System.Runtime.ExceptionServices;

namespace ZmqLoop.Streams;

/// <summary>Steps that are all taken, whatever one of them throws.</summary>
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
