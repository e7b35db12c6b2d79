using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams;

/// <summary>Publishes what is logged on a PUB socket, in pyzmq's own framing: <c>[root_topic.LEVEL.category, text]</c>, so that <c>python
/// -m zmq.log</c> reads it. pyzmq's <c>PUBHandler</c>.</summary>
/// <remarks>
/// <para>Any thread may log, at any time: entries wait, up to <see cref="PubLoggerOptions.QueueLimit"/>, for the loop, which owns the
/// socket. Logging never blocks, never throws and never comes back into itself (what a formatter logs is dropped); <see cref="Dropped"/>
/// counts what was not published.</para>
/// <para>A PUB socket drops what nobody has subscribed to, and what a subscriber is too slow for: that is published as far as anyone here
/// can tell.</para>
/// <para>Dispose of it while the loop runs, to have what waits published within <see cref="PubLoggerOptions.DrainTime"/>. All members may
/// be used from any thread.</para>
/// </remarks>
/// <example><code>
/// using PubLoggerProvider published = new("tcp://127.0.0.1:5557", ZMQIOLoop.Install());
/// published.CreateLogger("shop").Log(Microsoft.Extensions.Logging.LogLevel.Information, 0, "open", null, (text, _) => text);
/// </code></example>
[ProviderAlias("ZmqLoop")]
public sealed class PubLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    [ThreadStatic]
    private static bool t_logging;

    private readonly ConcurrentDictionary<string, Logger> _loggers = new();
    private readonly PubLoggerOptions _options;
    private readonly ZMQStream _stream;
    private Action<Message, Exception?> _onSent = static (_, _) => { };
    private IExternalScopeProvider? _scopes;
    private int _waiting;
    private long _published;
    private long _dropped;

    /// <summary>Publishes on a socket.</summary>
    /// <param name="socket">A PUB socket, or an XPUB, which belongs to the provider from now on and is closed with it. It need not be bound
    /// yet.</param>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <param name="options">Topics, formats, limits; null for the defaults.</param>
    /// <exception cref="ArgumentException">It is no PUB or XPUB socket.</exception>
    /// <inheritdoc cref="ZMQStream(ZMQSocket, IOLoop?, ZMQStreamOptions?)" path="/exception"/>
    public PubLoggerProvider(ZMQSocket socket, IOLoop? loop = null, PubLoggerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.Type is not (SocketType.Pub or SocketType.XPub))
            throw new ArgumentException($"Logs are published on a PUB or XPUB socket, not on a {socket}.", nameof(socket));
        _options = options ?? new PubLoggerOptions();
        _options.Validate();
        _stream = new ZMQStream(socket, loop, new ZMQStreamOptions { HasActivities = false });
        // once, not for each entry, and outside of whatever the entry is logged in
        NullContext.RunDetached(() => _onSent = StackContext.Wrap<Message, Exception?>(OnSent));
    }

    /// <summary>Publishes on a new PUB socket.</summary>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="loop">The loop, whose engine makes the socket.</param>
    /// <param name="options">Topics, formats, limits; null for the defaults.</param>
    /// <exception cref="ZMQException">The endpoint is in use, not local, or of an unknown transport.</exception>
    public PubLoggerProvider(string endpoint, ZMQIOLoop loop, PubLoggerOptions? options = null) : this(Bind(endpoint, loop), loop, options)
    {
    }

    /// <summary>The socket that publishes. On the loop's thread only, it may be bound and connected at any time.</summary>
    public ZMQSocket Socket => _stream.Socket;

    /// <summary>How many entries were given to the socket.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>How many entries were not: too many waited, a formatter failed, or the loop or the provider was closed.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        return _loggers.GetOrAdd(categoryName, static (name, provider) => new Logger(provider, name), this);
    }

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    /// <summary>Publishes what waits, in the background, and closes the socket. Twice is fine; what is logged from now on is
    /// dropped.</summary>
    public void Dispose() => _ = _stream.CloseAsync(_options.DrainTime);

    private static ZMQSocket Bind(string endpoint, ZMQIOLoop loop)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        ArgumentNullException.ThrowIfNull(loop);
        ZMQSocket socket = loop.Engine.CreateSocket(SocketType.Pub);
        try
        {
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [SuppressMessage("Usage", "CA2254", Justification = "Nothing is logged here.")]
    private void Publish<TState>(Logger logger, LogLevel level, EventId id, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        bool waits = false;
        bool outermost = !t_logging;
        t_logging = true;
        try
        {
            if (outermost && !_stream.IOLoop.IsClosed && TryReserve())
            {
                waits = true;
                PubLogEntry entry = new(level, logger.Category, id, formatter(state, exception), exception, Scopes());
                _stream.Send(new Message(logger.TopicOf(level), Format(entry)), _onSent);
                return;
            }
        }
        catch (Exception)
        {
            // Of a formatter, or the stream is closed. Whoever logs is not to know.
        }
        finally
        {
            t_logging = !outermost;
        }

        if (waits) Interlocked.Decrement(ref _waiting);
        Interlocked.Increment(ref _dropped);
    }

    private bool TryReserve()
    {
        if (Interlocked.Increment(ref _waiting) <= _options.QueueLimit) return true;
        Interlocked.Decrement(ref _waiting);
        return false;
    }

    private string Format(PubLogEntry entry) =>
        (_options.Formatters.GetValueOrDefault(entry.Level) ?? _options.Formatter)?.Invoke(entry) ?? entry.ToString();

    private List<string> Scopes()
    {
        List<string> scopes = [];
        if (_options.IncludeScopes) _scopes?.ForEachScope(static (scope, list) => list.Add($"{scope}"), scopes);
        return scopes;
    }

    private void OnSent(Message message, Exception? error)
    {
        Interlocked.Decrement(ref _waiting);
        if (error is null) Interlocked.Increment(ref _published);
        else Interlocked.Increment(ref _dropped);
    }

    private sealed class Logger : ILogger
    {
        private readonly PubLoggerProvider _provider;
        private readonly Frame[] _topics;

        public Logger(PubLoggerProvider provider, string category)
        {
            _provider = provider;
            Category = category;
            PubLoggerOptions options = provider._options;
            _topics = [.. Enum.GetValues<LogLevel>().Order().Select(level => Frame.FromString(Topic(options, level, category)))];
        }

        public string Category { get; }

        public Frame TopicOf(LogLevel level) => _topics[(int)level];

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= _provider._options.MinimumLevel && logLevel is >= LogLevel.Trace and < LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => _provider._scopes?.Push(state);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) _provider.Publish(this, logLevel, eventId, state, exception, formatter);
        }

        private static string Topic(PubLoggerOptions options, LogLevel level, string category) => string.Join(
            '.', ((string[])[options.RootTopic, PubLogEntry.NameOf(level), options.CategoryInTopic ? category : ""])
                .Where(static part => part.Length > 0));
    }
}
