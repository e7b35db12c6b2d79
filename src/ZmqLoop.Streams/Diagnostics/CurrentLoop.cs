namespace ZmqLoop.Streams;

/// <summary>The loop of what is made without one.</summary>
internal static class CurrentLoop
{
    /// <param name="given">The loop that was given; null for this thread's current one.</param>
    /// <param name="what">What it is for.</param>
    /// <exception cref="InvalidOperationException">None was given, and the thread has none.</exception>
    public static IOLoop Or(IOLoop? given, string what) => given ?? IOLoop.CurrentOrNull ?? throw new InvalidOperationException(
        $"This thread has no current loop: give the {what} its loop, such as ZMQIOLoop.Instance.");
}
