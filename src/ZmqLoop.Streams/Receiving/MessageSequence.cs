namespace ZmqLoop.Streams;

/// <summary>A stream's messages for <c>await foreach</c>. By hand, since an iterator would cost one more turn of the loop for each message
/// that was waited for.</summary>
internal sealed class MessageSequence(Intake intake, CancellationToken cancel) : IAsyncEnumerable<Message>
{
    public IAsyncEnumerator<Message> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(intake, cancel, cancellationToken);

    private sealed class Enumerator : IAsyncEnumerator<Message>
    {
        private readonly Intake _intake;
        private readonly CancellationTokenSource? _both;
        private readonly CancellationToken _cancel;

        public Enumerator(Intake intake, CancellationToken first, CancellationToken second)
        {
            _intake = intake;
            if (first.CanBeCanceled && second.CanBeCanceled && first != second)
                _both = CancellationTokenSource.CreateLinkedTokenSource(first, second);
            _cancel = _both?.Token ?? (first.CanBeCanceled ? first : second);
        }

        public Message Current { get; private set; } = null!;

        public ValueTask<bool> MoveNextAsync()
        {
            try
            {
                ValueTask<Message> next = _intake.ReceiveAsync(_cancel);
                if (!next.IsCompletedSuccessfully) return WaitAsync(next);
                Current = next.Result;
                return new ValueTask<bool>(true);
            }
            catch (ObjectDisposedException) when (_intake.HasEnded)
            {
                return new ValueTask<bool>(false);
            }
        }

        public ValueTask DisposeAsync()
        {
            _both?.Dispose();
            return default;
        }

        private async ValueTask<bool> WaitAsync(ValueTask<Message> next)
        {
            try
            {
                Current = await next;
                return true;
            }
            catch (ObjectDisposedException) when (_intake.HasEnded)
            {
                return false;
            }
        }
    }
}
