using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace ZmqLoop.Streams;

/// <summary>A stream's messages as a channel. Its first use begins to receive before it is asked.</summary>
internal sealed class InboxReader(Inbox inbox) : ChannelReader<Message>
{
    public override Task Completion => inbox.Completion;

    public override bool CanCount => true;

    public override int Count => inbox.Count;

    public override bool CanPeek => true;

    public override bool TryRead([MaybeNullWhen(false)] out Message item)
    {
        inbox.BeginReadAhead();
        return inbox.TryTake(out item);
    }

    public override bool TryPeek([MaybeNullWhen(false)] out Message item) => inbox.TryPeek(out item);

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
        inbox.BeginReadAhead();
        Task<bool> arrival = inbox.WaitToReadAsync();
        return new ValueTask<bool>(arrival.WaitAsync(cancellationToken));
    }
}
