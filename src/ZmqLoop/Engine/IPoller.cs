namespace ZmqLoop.LowLevel;

/// <summary>All that a loop needs from the outside world: which sources are ready, and a way to be woken.</summary>
/// <remarks>
/// <para>The contract, pinned by the conformance suite for every engine and for the scripted fake:</para>
/// <list type="bullet">
/// <item>Level-triggered, whatever the library below does: a source that stays ready is reported by every <see cref="Poll"/>.
/// A source that is not ready may be reported now and then; one that is ready is never left out, whoever touched the socket before.</item>
/// <item>A poller may serve the sources that it knows to be ready for a bounded number of polls (16 at most) before it looks for more, so
/// that busy turns cost no system call and the others are not starved.</item>
/// <item>It may also go without looking where it must not wait and <see cref="ReadyList.MayBeLate"/> allows it.</item>
/// <item>Only what was asked for is reported, and <see cref="IOEvents.Error"/>, which needs no asking.</item>
/// <item>Of a ZeroMQ socket <c>IOEvents.Activity</c> (see <see cref="LowLevel"/>) may be asked for, too: news of which no readiness
/// tells.</item>
/// <item>A registered source that was closed elsewhere is unregistered by the poller and reported once, with
/// <see cref="IOEvents.Error"/> and a reason; the others are undisturbed.</item>
/// <item><see cref="Wake"/> before or during a wait ends that wait; it is never lost. Many wakes may end one wait.</item>
/// <item>The context was terminated: <see cref="Poll"/> throws <see cref="ContextTerminatedException"/>. An interrupted wait (EINTR) is no
/// error.</item>
/// </list>
/// <para>All members but <see cref="Wake"/> belong to the loop's thread; <see cref="Wake"/> may be called from any thread, also after
/// disposal, when it does nothing.</para>
/// </remarks>
public interface IPoller : IDisposable
{
    /// <summary>Watches a source.</summary>
    /// <param name="source">What to watch.</param>
    /// <param name="events">What to report; errors are always reported.</param>
    /// <param name="state">Handed back with each report of this source.</param>
    /// <exception cref="InvalidOperationException">The source is registered already, here or with another poller; nothing has
    /// changed.</exception>
    /// <exception cref="NotSupportedException">This engine cannot poll such a source.</exception>
    void Register(PollSource source, IOEvents events, object? state);

    /// <summary>Changes what is reported of a source.</summary>
    /// <exception cref="InvalidOperationException">The source is not registered here.</exception>
    void Modify(PollSource source, IOEvents events);

    /// <summary>Stops watching; does nothing for a source that is not registered. Its reports not yet handed out are dropped.</summary>
    void Unregister(PollSource source);

    /// <summary>Waits until something is ready, <see cref="Wake"/> was called, or the time is over, and adds what is ready.</summary>
    /// <param name="timeout">How long to wait: zero not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever. Never ends early by
    /// rounding.</param>
    /// <param name="ready">Filled with what is ready, each source at most once.</param>
    /// <exception cref="ContextTerminatedException">The engine's context was terminated.</exception>
    void Poll(TimeSpan timeout, ReadyList ready);

    /// <summary>Ends the wait in progress, or the next one. Any thread.</summary>
    void Wake();
}
