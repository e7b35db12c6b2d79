namespace ZmqLoop;

/// <summary>What a cancelled scope tells whoever waits for it: an <see cref="OperationCanceledException"/> of its own token, which is
/// nobody's error, so that no handler is asked about it.</summary>
internal sealed class ScopeCanceledException(IScope scope, Exception? inner = null)
    : OperationCanceledException(
        $"{scope} was cancelled, or its time was over: nothing begins in it any more.", inner, scope.CancellationToken)
{
    /// <summary>A task that it has cancelled, and whose await throws this.</summary>
    public async Task<T> AsTask<T>()
    {
        await Task.CompletedTask;
        throw this;
    }

    /// <summary>True for what ends a call only because the scope around it was cancelled, whatever token it saw.</summary>
    public static bool Is(Exception error, IScope? around) =>
        error is ScopeCanceledException || (error is OperationCanceledException && around is { IsCancelled: true });
}
