using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ZmqLoop.Streams;

/// <summary>Decides, on the loop, who may connect to the sockets of one engine: by address, password, key, or a callback. pyzmq's
/// <c>Authenticator</c>, with ZAP (RFC 27).</summary>
/// <remarks>
/// <para>libzmq asks it about sockets that are PLAIN or CURVE servers, and about NULL sockets with a <see cref="ZMQSocket.ZapDomain"/>.
/// Until something is configured, every NULL connection is let in and every PLAIN and CURVE connection is kept out. What is configured
/// counts from then on; connections that stand are not asked about again.</para>
/// <para>What is configured for a domain counts for that domain; <c>*</c> is for all domains that nothing of the same mechanism is
/// configured for. The last call for a domain counts.</para>
/// <para>While no authenticator runs, libzmq lets anybody in who has the server's CURVE key: start it before binding, and close the sockets
/// before stopping it.</para>
/// <para><see cref="Start"/> belongs to the loop's thread; everything else may be called from any.</para>
/// </remarks>
/// <example><code>
/// using Authenticator authenticator = new();
/// authenticator.Allow("10.0.0.7");
/// authenticator.ConfigureCurve(Authenticator.AnyDomain, "/etc/service/clients"); // their public keys, *.key
/// authenticator.Start(); // before the sockets bind
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class Authenticator : IDisposable
{
    /// <summary>Where libzmq looks for an authenticator, in each context.</summary>
    public const string Endpoint = "inproc://zeromq.zap.01";

    /// <summary>The domain that stands for all others.</summary>
    public const string AnyDomain = "*";

    private readonly AddressRules _addresses = new();
    private readonly ConcurrentDictionary<string, Provider> _plain = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Provider> _curve = new(StringComparer.Ordinal);
    private readonly ZMQEngine _engine;
    private readonly ILogger _logger;
    private readonly StreamCallbacks _callbacks;
    private volatile ZMQStream? _stream;

    /// <summary>An authenticator, not started.</summary>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <param name="engine">Whose sockets; null for the loop's engine.</param>
    /// <param name="logger">Told who was let in (<see cref="LogLevel.Debug"/>) and who was not (<see cref="LogLevel.Warning"/>); no
    /// passwords.</param>
    /// <exception cref="InvalidOperationException">No loop; or no engine, where the loop has none.</exception>
    public Authenticator(IOLoop? loop = null, ZMQEngine? engine = null, ILogger? logger = null)
    {
        IOLoop = CurrentLoop.Or(loop, "authenticator");
        _callbacks = new StreamCallbacks(IOLoop, this);
        _engine = engine ?? (IOLoop as ZMQIOLoop)?.Engine ?? ZMQEngine.Default;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>The loop that it runs on.</summary>
    public IOLoop IOLoop { get; }

    /// <summary>True between <see cref="Start"/> and <see cref="Stop()"/>.</summary>
    public bool IsRunning => _stream is { IsClosed: false };

    /// <summary>How long a connection waits for a provider; then it is refused with status 500. By default 30 seconds, as long as a
    /// handshake may take. A domain may have another: see <see cref="ConfigurePlainCallback(string, Func{AuthenticationRequest,
    /// AuthenticationResult}, TimeSpan?)"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above zero.</exception>
    public TimeSpan ProviderTimeout { get; init => field = Given(value)!.Value; } = TimeSpan.FromSeconds(30);

    /// <summary>Begins to answer.</summary>
    /// <exception cref="InvalidOperationException">It runs already, or another one does for the same engine; or it is not the loop's
    /// thread.</exception>
    /// <exception cref="NotSupportedException">The engine's sockets never ask: nobody would be kept out.</exception>
    /// <exception cref="ObjectDisposedException">The loop or the engine is closed.</exception>
    public void Start()
    {
        if (!_engine.AsksAuthenticators)
            throw new NotSupportedException(
                $"{_engine.Name} never asks an authenticator, so nobody would be kept out: see in your own protocol who it is, or use the "
                + "engine over libzmq.");
        if (IsRunning) throw new InvalidOperationException("The authenticator runs already.");
        ZMQSocket socket = _engine.CreateSocket(SocketType.Router); // not REP: those that wait for a provider do not hold up the others
        ZMQStream? stream = null;
        try
        {
            // All that come are read, and most are answered at once: what is limited is how many a provider is asked about (ProviderLimit).
            ZMQStreamOptions options = new() { MaxConcurrency = int.MaxValue, HasActivities = false, QuotedBytes = 0 }; // passwords
            stream = new ZMQStream(socket, IOLoop, options);
            socket.Bind(Endpoint);
            NullContext.RunDetached(() => stream.OnRecv(message => AnswerAsync(stream, message)));
            _stream = stream;
        }
        catch (Exception exception)
        {
            stream?.Dispose();
            socket.Dispose();
            if (exception is not ZMQException { Code: ZMQErrorCode.AddressInUse }) throw;
            throw new InvalidOperationException(
                $"Another authenticator runs for this engine ({_engine.Name}), and there can be one: give each domain its rules, or stop "
                + "the other.", exception);
        }
    }

    /// <summary>Ends answering, at once on the loop's thread, else soon; another may start then. Does nothing where it does not
    /// run.</summary>
    public void Stop()
    {
        if (_stream is { } stream) IOLoop.RunOnLoop(() => Stop(stream));
    }

    /// <summary>The same as <see cref="Stop()"/>.</summary>
    public void Dispose() => Stop();

    /// <summary>Lets in only these addresses, beside those allowed before; with PLAIN and CURVE they must show who they are all the same.
    /// <c>allow</c>.</summary>
    /// <param name="addresses">Each an address (<c>10.0.0.1</c>, <c>fe80::1</c>, <c>fe80::1%eth0</c> for that link alone) or a network
    /// (<c>10.0.0.0/8</c>, <c>fe80::/10</c>). An IPv4 address and its form in IPv6 are the same; <c>::/0</c> is IPv6 without those. Peers
    /// over ipc have no address: see <see cref="AllowIpc"/>.</param>
    /// <exception cref="ArgumentException">One is neither (names, ports, octal forms), or none is given; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">Addresses are denied already.</exception>
    public void Allow(params ReadOnlySpan<string> addresses) => _addresses.Add(allow: true, addresses);

    /// <summary>Keeps these addresses out, beside those denied before. <c>deny</c>.</summary>
    /// <param name="addresses">As for <see cref="Allow"/>; none changes nothing.</param>
    /// <exception cref="ArgumentException">One is no address and no network; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">Addresses are allowed already.</exception>
    public void Deny(params ReadOnlySpan<string> addresses) => _addresses.Add(allow: false, addresses);

    /// <summary>As <see cref="Allow"/>, for peers over ipc: lets in those with all of these ids, as the system tells them; with none given,
    /// all that come over ipc. Addresses that are not allowed are kept out from now on.</summary>
    /// <param name="userId">The uid of the peer's process; null for any.</param>
    /// <param name="groupId">Its gid; null for any.</param>
    /// <param name="processId">Its pid; null for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is no unsigned 32-bit number.</exception>
    /// <exception cref="InvalidOperationException">Addresses are denied already.</exception>
    public void AllowIpc(long? userId = null, long? groupId = null, long? processId = null) =>
        _addresses.Add(allow: true, Ids(userId, groupId, processId));

    /// <summary>As <see cref="Deny"/>, for peers over ipc: keeps out those with all of these ids, and those of whom the system does not
    /// tell them; with none given, all that come over ipc.</summary>
    /// <inheritdoc cref="AllowIpc"/>
    /// <exception cref="InvalidOperationException">Addresses are allowed already.</exception>
    public void DenyIpc(long? userId = null, long? groupId = null, long? processId = null) =>
        _addresses.Add(allow: false, Ids(userId, groupId, processId));

    /// <summary>PLAIN: lets in who knows a name and its password. <c>configure_plain</c>.</summary>
    /// <param name="domain">The domain, or <see cref="AnyDomain"/>.</param>
    /// <param name="passwords">Passwords by name; copied.</param>
    public void ConfigurePlain(string domain, IReadOnlyDictionary<string, string> passwords)
    {
        ArgumentNullException.ThrowIfNull(passwords);
        Configure(_plain, domain, Provider.OfPasswords(passwords));
    }

    /// <summary>PLAIN: asks a callback.</summary>
    /// <param name="domain">The domain, or <see cref="AnyDomain"/>.</param>
    /// <param name="provider">Called on the loop, in the contexts in force now. One that throws, or returns null, refuses the connection
    /// with status 500, and is reported. In each domain 64 connections are asked about at once, 16 from one address; the others wait, and
    /// where too many do, are told to come again (status 300).</param>
    /// <param name="timeout">How long a connection waits for the answer, in the line before it included; null for
    /// <see cref="ProviderTimeout"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not above zero.</exception>
    public void ConfigurePlainCallback(
        string domain, Func<AuthenticationRequest, AuthenticationResult> provider, TimeSpan? timeout = null) =>
        Configure(_plain, domain, Provider.Of(Given(provider), Given(timeout)));

    /// <inheritdoc cref="ConfigurePlainCallback(string, Func{AuthenticationRequest, AuthenticationResult}, TimeSpan?)"/>
    [OverloadResolutionPriority(1)]
    public void ConfigurePlainCallback(
        string domain, Func<AuthenticationRequest, Task<AuthenticationResult>> provider, TimeSpan? timeout = null) =>
        Configure(_plain, domain, Provider.Of(Given(provider), Given(timeout)));

    /// <summary>CURVE: lets in whose public key lies in a directory, as <c>*.key</c>. Call it again when files have changed.
    /// <c>configure_curve</c>.</summary>
    /// <param name="domain">The domain, or <see cref="AnyDomain"/>.</param>
    /// <param name="directory">Of certificates: see <see cref="CurveCertificate"/>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory; nothing has changed.</exception>
    /// <exception cref="FormatException">One of the files is no certificate; nothing has changed.</exception>
    public void ConfigureCurve(string domain, string directory) =>
        ConfigureCurve(domain, CurveCertificate.LoadAll(directory).Select(static certificate => certificate.PublicKey));

    /// <summary>CURVE: lets in who has one of these public keys.</summary>
    /// <param name="domain">The domain, or <see cref="AnyDomain"/>.</param>
    /// <param name="publicKeys">Of 32 bytes each; copied.</param>
    /// <exception cref="ArgumentException">One of them has another length; nothing has changed.</exception>
    public void ConfigureCurve(string domain, IEnumerable<byte[]> publicKeys)
    {
        ArgumentNullException.ThrowIfNull(publicKeys);
        byte[][] keys = [.. publicKeys];
        if (Array.Find(keys, static key => key is not { Length: KeyLength }) is { } wrong)
            throw new ArgumentException($"A CURVE key has {KeyLength} bytes, not {wrong.Length}: read a text with CurveKeyPair.Parse.",
                nameof(publicKeys));
        Configure(_curve, domain, Provider.OfKeys(keys));
    }

    /// <summary>CURVE: lets in whoever knows the server's public key. <c>configure_curve(location=CURVE_ALLOW_ANY)</c>.</summary>
    public void ConfigureCurveAllowAny(string domain) => Configure(_curve, domain, Provider.OfAnyone());

    /// <summary>CURVE: asks a callback. <c>configure_curve_callback</c>.</summary>
    /// <inheritdoc cref="ConfigurePlainCallback(string, Func{AuthenticationRequest, AuthenticationResult}, TimeSpan?)"/>
    public void ConfigureCurveCallback(
        string domain, Func<AuthenticationRequest, AuthenticationResult> provider, TimeSpan? timeout = null) =>
        Configure(_curve, domain, Provider.Of(Given(provider), Given(timeout)));

    /// <inheritdoc cref="ConfigureCurveCallback(string, Func{AuthenticationRequest, AuthenticationResult}, TimeSpan?)"/>
    [OverloadResolutionPriority(1)]
    public void ConfigureCurveCallback(
        string domain, Func<AuthenticationRequest, Task<AuthenticationResult>> provider, TimeSpan? timeout = null) =>
        Configure(_curve, domain, Provider.Of(Given(provider), Given(timeout)));

    /// <summary>For logs and debuggers.</summary>
    public override string ToString() => $"Authenticator of {_engine.Name}{(IsRunning ? ", running" : "")}";

    private static void Configure(ConcurrentDictionary<string, Provider> providers, string domain, Provider provider)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        providers[domain] = provider;
    }

    private static IpcPeer Ids(long? userId, long? groupId, long? processId)
    {
        Verify(userId, nameof(userId));
        Verify(groupId, nameof(groupId));
        Verify(processId, nameof(processId));
        return new IpcPeer(userId, groupId, processId);

        static void Verify(long? id, string name)
        {
            if (id is not { } number) return;
            ArgumentOutOfRangeException.ThrowIfNegative(number, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(number, uint.MaxValue, name);
        }
    }

    private static TimeSpan? Given(TimeSpan? value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (value is not { } timeout) return null;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, name);
        return timeout;
    }

    private static T Given<T>(T provider) where T : Delegate
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider;
    }

    private void Stop(ZMQStream stream)
    {
        if (stream.IsClosed) return;
        if (!stream.Socket.IsClosed) Unbind(stream.Socket);
        stream.Close(TimeSpan.Zero);
        if (ReferenceEquals(_stream, stream)) _stream = null;
    }

    /// <summary>Closing frees the endpoint too, but some time later, on another thread.</summary>
    private static void Unbind(ZMQSocket socket)
    {
        try
        {
            socket.Unbind(Endpoint);
        }
        catch (ContextTerminatedException)
        {
            // Then there is nothing to free.
        }
    }
}
