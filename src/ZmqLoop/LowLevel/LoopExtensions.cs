using Microsoft.Extensions.Logging;

namespace ZmqLoop.LowLevel;

/// <summary>What those need of a loop who build something that lives on it and runs callbacks of its own, such as a stream. Users of loops
/// need none of it.</summary>
public static class LoopExtensions
{
    extension(IOLoop loop)
    {
        /// <summary>
        /// What runs inside of the callback in progress, for a report of a blocked loop to name it: set, and put back, by code that runs
        /// callbacks of its own on the loop. Null where nothing does, and when the loop goes on to its next kind of callbacks. Loop's
        /// thread; a store, and nothing else.
        /// </summary>
        public CallbackOrigin? InnerCallback
        {
            get => loop.InnerCallback;
            set => loop.InnerCallback = value;
        }

        /// <summary>Where the loop logs, for what lives on it to log there, too; null where <see cref="IOLoopOptions.LoggerFactory"/> was.
        /// Any thread.</summary>
        public ILogger? Logger => loop.Logger;

        /// <summary>By which measurements tell loops apart, for what lives on the loop to give with its own: <c>zmqloop.loop.name</c> and
        /// <c>zmqloop.engine</c>, where it has one. Any thread.</summary>
        public ReadOnlySpan<KeyValuePair<string, object?>> MeterTags => loop.MeterTags;

        /// <summary>This place, and the callbacks that led to it, where the loop records them (<see cref="IOLoopOptions.Debug"/>); else
        /// null. For what lives on a loop to tell later where it was made. Any thread.</summary>
        public CallbackTrail? RecordTrail() => loop.RecordTrail();

        /// <summary>Gives <see cref="IOLoop.HandleCallbackException"/> an exception, for code that runs callbacks of its own on the loop.
        /// What that throws passes through the callback in progress and leaves <see cref="IOLoop.Start()"/>; reporting it again on its way
        /// out only throws it again. Loop's thread.</summary>
        public void ReportException(Exception exception, CallbackOrigin origin) => loop.ReportException(exception, origin);

        /// <summary>True on the thread that runs the loop, and nowhere while nothing does: what is asked in one look, since whatever runs
        /// it may leave it any time. Any thread.</summary>
        public bool IsRunningHere => loop.IsRunningHere;

        /// <summary>Nothing on the loop's thread, and while nothing runs the loop: for the beginning of members that belong to it.
        /// Any thread.</summary>
        /// <param name="what">What belongs to it, for the message; null for the member that was called.</param>
        /// <exception cref="InvalidOperationException">The loop runs on another thread; the message says which, and how to get
        /// there.</exception>
        public void VerifyThread(object? what = null) => loop.VerifyThread(what);

        /// <summary>
        /// Does what belongs to the loop's thread: now where this is it; soon where the loop runs on another; at once where it does not run
        /// or is closed, unless another thread is starting or closing it or doing such a thing right now, which then does this too. Never
        /// waits. Captures no contexts. Any thread.
        /// </summary>
        /// <param name="action">For what must be done whatever state the loop is in: letting go of something, above all.</param>
        /// <remarks>A loop that is stopped before it comes to it does it when it is started again, or when it is closed.</remarks>
        public void RunOnLoop(Action action) => loop.RunOnLoop(action);

        /// <summary>A receive on a socket that this loop watches has brought a message, and another one is wanted in the next turn: so it
        /// comes to it without asking the engine first, and finds what there is, or nothing. Loop's thread.</summary>
        /// <param name="socket">The socket. Where it was used since, or is watched for more than reading, it is asked all the same.</param>
        /// <exception cref="ArgumentNullException"><paramref name="socket"/> is null.</exception>
        public void ExpectMore(ZMQSocket socket)
        {
            ArgumentNullException.ThrowIfNull(socket);
            socket.ExpectMore();
        }
    }
}
