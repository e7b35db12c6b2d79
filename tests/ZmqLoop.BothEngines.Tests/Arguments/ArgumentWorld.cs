using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using ZmqLoop.Streams;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Arguments;

/// <summary>One of each type, in the scripted world where that will do, for one call of one member; and whether
/// it still works after.</summary>
internal sealed partial class ArgumentWorld : IDisposable
{
    private readonly List<IDisposable> _made = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zmqloop-arguments-");
    private readonly Testing.ScriptedEngine _engine;
    private readonly SocketType _type;
    private ZMQSocket? _socket;

    public ArgumentWorld(string? engine, SocketType type)
    {
        _type = type;
        _engine = Made(new Testing.ScriptedEngine());
        RealEngine = engine switch
        {
            "libzmq" => Made(new LibZmqEngine()),
            "netmq" => Made(new NetMQEngine()),
            _ => null,
        };
        ManualTimeProvider time = new();
        ScriptedPoller poller = new(time);
        Loop = Made(new ZMQIOLoop(_engine, new IOLoopOptions
        {
            TimeProvider = time, Poller = poller, MakeCurrent = false, LoggerFactory = NullLoggerFactory.Instance,
        }));
        poller.OnIdle = Loop.Stop;
    }

    public ZMQEngine? RealEngine { get; }

    public ZMQIOLoop Loop { get; }

    private ZMQSocket Socket => _socket ??= RealEngine is null ? new Testing.ScriptedSocket() : Made(RealEngine.CreateSocket(_type));

    /// <summary>Calls it with one wrong value, and good ones else.</summary>
    /// <returns>What the call threw, on this thread; null where it took it.</returns>
    /// <exception cref="Xunit.Sdk.XunitException">Something does not work any more.</exception>
    public Exception? Call(SweptParameter swept, object? value)
    {
        MethodBase member = Closed(swept.Member);
        object? target = member is ConstructorInfo || member.IsStatic ? null : TargetOf(swept.Member.DeclaringType!);
        object?[] arguments = [.. member.GetParameters().Select(p => p.Name == swept.Parameter.Name ? value : For(p))];
        object? result = null;
        Exception? error = Record.Exception(() =>
        {
            result = Invoke(member, target, arguments);
            if (swept.IsSetter && target is not null) Give(target);
        });
        if (result is IDisposable made and not Task) made.Dispose();
        if (result is IOLoopThread thread) thread.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (error is null && TaskOf(result) is { IsFaulted: true } task && task.Exception.InnerException is ArgumentException late)
            Assert.Fail($"refused by the task, not at the call: {late.Message}");
        Verify(target, isTaken: result is ValueTask<Message>);
        return error;
    }

    public void Dispose()
    {
        foreach (IDisposable made in Enumerable.Reverse(_made)) made.Dispose();
        _folder.Delete(recursive: true);
    }

    private static object? Invoke(MethodBase member, object? target, object?[] arguments)
    {
        const BindingFlags AsIs = BindingFlags.DoNotWrapExceptions;
        if (member is ConstructorInfo constructor) return constructor.Invoke(AsIs, null, arguments, null);
        if (member.Name == nameof(Message.ReplyFrom)) return ((Message)target!).ReplyFrom((int)arguments[0]!, "x"); // for its span
        return member.Invoke(target, AsIs, null, arguments, null);
    }

    private static Task? TaskOf(object? result) => result switch
    {
        ValueTask<Message> task => task.AsTask(),
        _ => result as Task,
    };

    /// <summary>A generic method for numbers, or for sockets of NetMQ's where it wants those.</summary>
    private static MethodBase Closed(MethodBase member) => member is MethodInfo { IsGenericMethodDefinition: true } method
        ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(static _ => typeof(int))]) : member;

    private T Made<T>(T made)
        where T : IDisposable
    {
        _made.Add(made);
        return made;
    }

    private object TargetOf(Type type) => type.Name switch
    {
        nameof(IOLoop) => Loop,
        nameof(CallbackContext) => new CallbackScope(null, Loop),
        nameof(ZMQPoller) => Made(new ZMQPoller(_engine)),
        nameof(ZMQSocket) or nameof(WatchedSocket) or nameof(LibZmqSocket) or nameof(NetMQSocketAdapter) => Socket,
        nameof(Message) => new Message("x", "y"),
        nameof(Frame) => Frame.FromString("x"),
        nameof(ZMQStream) => Made(new ZMQStream(Socket, Loop, new ZMQStreamOptions { Serializer = new TextSerializer() })),
        nameof(ZMQProxy) => Made(new ZMQProxy(Socket, new Testing.ScriptedSocket(), null, Loop)),
        nameof(RequestClient) => Made(Client()),
        nameof(Responder) => Made(Server()),
        nameof(Authenticator) => Made(new Authenticator(Loop, _engine, NullLogger.Instance)),
        nameof(PubLoggerProvider) => Made(new PubLoggerProvider(new Testing.ScriptedSocket(SocketType.Pub), Loop)),
        nameof(BlockedCallback) => new BlockedCallback(new CallbackOrigin(CallbackKind.Callback), TimeSpan.Zero),
        nameof(CurrentCallback) => new CurrentCallback(new CallbackOrigin(CallbackKind.Callback), TimeSpan.Zero, []),
        nameof(LoopBlock) => new LoopBlock("x", default, TimeSpan.Zero, IsOver: false),
        nameof(PubLogEntry) => new PubLogEntry(default, "x", default, "x", null, []),
        nameof(SocketConnection) => new SocketConnection("x", Accepted: true, default),
        nameof(LibZmqEngine) => Made(new LibZmqEngine()),
        nameof(ZMQEngine) => _engine,
        nameof(CallbackOrigin) => new CallbackOrigin(CallbackKind.Callback),
        nameof(NetMQLoopPoller) => Made(new NetMQLoopPoller()),
        nameof(ScriptedLoop) => Made(new ScriptedLoop()),
        nameof(ManualTimeProvider) => new ManualTimeProvider(),
        nameof(ScriptedPoller) => new ScriptedPoller(new ManualTimeProvider()),
        nameof(Testing.ScriptedSocket) => new Testing.ScriptedSocket(),
        nameof(RecordingLoggers) => Made(new RecordingLoggers()),
        _ when type.GetConstructor([]) is { } constructor => constructor.Invoke([]),
        _ when type.IsValueType => RuntimeHelpers.GetUninitializedObject(type),
        _ => throw new NotSupportedException($"Say how to make a {type}."),
    };

    private RequestClient Client(RequestClientOptions? options = null) =>
        new(new Testing.ScriptedSocket(), Loop, options ?? new RequestClientOptions { Serializer = new TextSerializer() });

    private Responder Server(ResponderOptions? options = null) => new(
        new Testing.ScriptedSocket(SocketType.Router), Loop, options ?? new ResponderOptions { Serializer = new TextSerializer() });

    /// <summary>Options are looked at where they are given to somebody.</summary>
    private void Give(object target)
    {
        IDisposable? taker = target switch
        {
            IOLoopOptions options => new IOLoop(options with { MakeCurrent = false }),
            ZMQStreamOptions options => new ZMQStream(new Testing.ScriptedSocket(), Loop, options),
            ProxyOptions options => new ZMQProxy(new Testing.ScriptedSocket(), new Testing.ScriptedSocket(), null, Loop, options),
            PubLoggerOptions options => new PubLoggerProvider(new Testing.ScriptedSocket(SocketType.Pub), Loop, options),
            RequestClientOptions options => Client(options),
            RequestOptions options => Client(new RequestClientOptions { Requests = options }),
            ResponderOptions options => Server(options),
            LibZmqEngineOptions options => new LibZmqEngine(options),
            NetMQEngineOptions options => new NetMQEngine(options),
            _ => null,
        };
        taker?.Dispose();
    }

    private object? For(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(IOLoop) || type == typeof(ZMQIOLoop)) return Loop;
        if (type == typeof(ZMQEngine))
            return parameter.Member.DeclaringType == typeof(CurveCertificate) ? Made(new LibZmqEngine()) : _engine;
        if (parameter.Name == "directory") return _folder.FullName;
        if (type == typeof(ReadyList)) return new ReadyList();
        if (type == typeof(FrameBuffer)) return new OneByte();
        if (type == typeof(ReadOnlySpan<Frame>)) return null;
        if (parameter.HasDefaultValue) return parameter.DefaultValue;
        if (type == typeof(Func<IOLoop>)) return () => new IOLoop(new IOLoopOptions { MakeCurrent = false });
        if (typeof(Delegate).IsAssignableFrom(type)) return NoOp(type);
        if (type == typeof(string)) return parameter.Name is "address" or "endpoint" ? "tcp://127.0.0.1" : "x";
        if (type == typeof(PollSource)) return PollSource.FromFileDescriptor(7);
        if (type == typeof(ZMQSocket)) return new Testing.ScriptedSocket();
        if (type == typeof(NetMQ.ISocketPollable)) return Made(new NetMQ.Sockets.PairSocket());
        if (type == typeof(RequestClient)) return Made(Client());
        if (type == typeof(Responder)) return Made(Server());
        if (type == typeof(Message)) return new Message("x");
        if (type == typeof(Frame)) return Frame.FromString("x");
        if (type == typeof(RequestOptions)) return new RequestOptions();
        if (type == typeof(byte[])) return new byte[8];
        if (type == typeof(Exception)) return new InvalidOperationException("given");
        if (type == typeof(IReadOnlyDictionary<string, string>)) return new Dictionary<string, string> { ["x"] = "y" };
        if (type == typeof(IEnumerable<byte[]>)) return new[] { new byte[32] };
        if (type == typeof(TimeSpan) || type == typeof(TimeSpan?)) return TimeSpan.FromSeconds(1);
        if (type == typeof(JsonNode)) return new JsonObject();
        if (type == typeof(JsonTypeInfo<int>)) return JsonSerializerOptions.Default.GetTypeInfo(typeof(int));
        return type.IsValueType ? Nullable.GetUnderlyingType(type) is null ? One(type) : null : null;
    }

    private static object One(Type type) =>
        type == typeof(int) ? 1 : type == typeof(long) ? 1L : type == typeof(double) ? 1.0 : type == typeof(uint) ? 1u
        : type == typeof(IOEvents) ? IOEvents.Read : RuntimeHelpers.GetUninitializedObject(type);

    /// <summary>A delegate that does nothing, and returns a task that has ended, or nothing.</summary>
    private static Delegate NoOp(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        ParameterExpression[] parameters = [.. invoke.GetParameters().Select(static p => Expression.Parameter(p.ParameterType))];
        Expression body = invoke.ReturnType == typeof(Task) ? Expression.Constant(Task.CompletedTask)
            : invoke.ReturnType == typeof(Task<int>) ? Expression.Constant(Task.FromResult(1)) : Expression.Default(invoke.ReturnType);
        return Expression.Lambda(type, body, parameters).Compile();
    }

    private sealed class OneByte : FrameBuffer
    {
        protected internal override ReadOnlySpan<byte> Span => "x"u8;

        protected internal override FrameBuffer Share(FrameBuffer? target) => this;

        protected internal override void Release()
        {
        }
    }

    private sealed class TextSerializer : IFrameSerializer
    {
        public void Serialize<T>(T value, IBufferWriter<byte> target) => target.Write("x"u8);

        public T? Deserialize<T>(ReadOnlySpan<byte> source) => default;
    }
}
