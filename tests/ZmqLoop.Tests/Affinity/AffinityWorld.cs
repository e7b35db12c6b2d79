using System.Buffers;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using ZmqLoop.Streams;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Affinity;

/// <summary>A loop in manual time, the process-wide one, with one of each that lives on a loop, for one call of one member.</summary>
internal sealed class AffinityWorld : IDisposable
{
    private readonly PeriodicCallback _periodic;
    private readonly DelayedCallback _delayed;
    private readonly IOLoopThread _loopThread = IOLoopThread.Start(static () => new IOLoop());
    private readonly CallbackScope _scope;
    private readonly ZMQStream _stream;
    private readonly ZMQProxy _proxy;
    private readonly ZMQStream _server;
    private readonly RequestClient _client;
    private readonly Responder _responder;
    private readonly Authenticator _authenticator;

    public AffinityWorld()
    {
        StaticState.Reset();
        ManualTimeProvider time = new();
        ScriptedPoller poller = new(time);
        Loop = new ZMQIOLoop(Engine, new IOLoopOptions
        {
            TimeProvider = time, Poller = poller, MakeCurrent = false, LoggerFactory = NullLoggerFactory.Instance,
        });
        poller.OnIdle = Loop.Stop;
        Loop.InstallAsInstance();
        Timer = Loop.CallLater(1, static () => { });
        _periodic = new PeriodicCallback(static () => { }, TimeSpan.FromSeconds(1), Loop);
        _delayed = new DelayedCallback(static () => { }, TimeSpan.FromSeconds(1), Loop);
        _periodic.Start();
        _delayed.Start();
        _scope = new CallbackScope(null, Loop);
        Testing.ScriptedSocket socket = new();
        socket.Arrive("x");
        _stream = new ZMQStream(socket, Loop, new ZMQStreamOptions { Serializer = new TextSerializer() });
        _proxy = new ZMQProxy(new Testing.ScriptedSocket(), new Testing.ScriptedSocket(), null, Loop);
        _server = new ZMQStream(Engine.CreateSocket(SocketType.Router), Loop);
        _server.Bind("inproc://server");
        _server.OnRecv(request => _server.Send(request));
        _client = new RequestClient(Engine.CreateSocket(SocketType.Dealer), Loop);
        _client.Connect("inproc://server");
        _responder = new Responder(Engine.CreateSocket(SocketType.Router), Loop);
        _authenticator = new Authenticator(Loop, Engine);
    }

    public Testing.ScriptedEngine Engine { get; } = new();

    public ZMQIOLoop Loop { get; }

    public TimeoutHandle Timer { get; }

    /// <summary>Calls a member on another thread while the loop runs on this one.</summary>
    /// <returns>What it threw, or what the task failed with that it returned; null where all went well.</returns>
    public Exception? CallElsewhere(MethodBase member)
    {
        Exception? error = null;
        object? result = null;
        Loop.AddCallback(() =>
        {
            Deadline.RunThread(() => error = Record.Exception(() =>
            {
                result = Call(Arguments.Closed(member));
            }));
            _periodic.Stop(); // or manual time would go on for ever
        });
        Loop.Start();
        return error ?? Record.Exception(() => End(member, result));
    }

    public void Dispose()
    {
        _stream.Dispose();
        _proxy.Dispose();
        _server.Dispose();
        _client.Dispose();
        _responder.Dispose();
        _authenticator.Dispose();
        Loop.Dispose();
        Engine.Dispose();
        Wait(_loopThread.DisposeAsync().AsTask());
        StaticState.Reset();
    }

    private object? Call(MethodBase member)
    {
        const BindingFlags AsIs = BindingFlags.DoNotWrapExceptions;
        if (member is ConstructorInfo constructor) return constructor.Invoke(AsIs, null, Arguments.For(member, this), null);
        if (member.Name == nameof(ZMQStream.SendMultipart)) // reflection passes no spans
        {
            _stream.SendMultipart("x", "y");
            return null;
        }

        if (member is { Name: nameof(Authenticator.Allow) or nameof(Authenticator.Deny) })
        {
            _authenticator.Allow("10.0.0.1");
            _authenticator.Deny();
            return null;
        }

        if (member.Name == nameof(CallbackContext.Leave)) _scope.Enter();
        return member.Invoke(member.IsStatic ? null : TargetOf(member.DeclaringType!), AsIs, null, Arguments.For(member, this), null);
    }

    private object TargetOf(Type type) => type == typeof(CallbackContext) ? _scope
        : ((object[])[Loop, _loopThread, _periodic, _delayed, _scope, _stream, _proxy, _client, _responder, _authenticator])
        .First(type.IsInstanceOfType);

    /// <summary>What a method began ends, and what it made goes away.</summary>
    private void End(MethodBase member, object? result)
    {
        if (member is MethodInfo { IsSpecialName: true }) return; // a property: what it tells of goes on
        if (TaskOf(result) is { } task) Wait(task);
        if (result is IOLoopThread made) Wait(made.DisposeAsync().AsTask());
        else if (result is IOLoop loop && loop != Loop) loop.Dispose();
    }

    private static Task? TaskOf(object? result) => result switch
    {
        ValueTask task => task.AsTask(),
        ValueTask<Message> task => task.AsTask(),
        _ => result as Task,
    };

    private static void Wait(Task task)
    {
        Deadline.WaitUntil(() => task.IsCompleted);
        task.GetAwaiter().GetResult();
    }

    private sealed class TextSerializer : IFrameSerializer
    {
        public void Serialize<T>(T value, IBufferWriter<byte> target) => target.Write("x"u8);

        public T? Deserialize<T>(ReadOnlySpan<byte> source) => default;
    }
}
