namespace ZmqLoop;

/// <summary>Called on the loop's thread when a source is ready. tornado's <c>handler(fd, events)</c>.</summary>
/// <param name="source">What was given to <see cref="IOLoop.AddHandler"/>.</param>
/// <param name="events">What happened; test with <c>&amp;</c>.</param>
public delegate void IOHandler(PollSource source, IOEvents events);
