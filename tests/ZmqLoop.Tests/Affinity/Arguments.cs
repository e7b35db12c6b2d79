using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests.Affinity;

/// <summary>Something good to give to each parameter.</summary>
internal static partial class Arguments
{
    public static object?[] For(MethodBase member, AffinityWorld world) =>
        [.. member.GetParameters().Select(parameter => For(parameter, world))];

    /// <summary>A generic method for numbers, or for loops where it wants those.</summary>
    public static MethodBase Closed(MethodBase member) => member is MethodInfo { IsGenericMethodDefinition: true } method
        ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(static parameter =>
            parameter.GetGenericParameterConstraints() is [Type constraint] && constraint != typeof(ValueType) ? constraint : typeof(int))])
        : member;

    private static object? For(ParameterInfo parameter, AffinityWorld world)
    {
        Type type = parameter.ParameterType;
        if (type == typeof(IOLoop)) return world.Loop;
        if (type == typeof(ZMQEngine)) return world.Engine;
        if (parameter.IsOut) return null;
        if (parameter.HasDefaultValue) return parameter.DefaultValue;
        if (type == typeof(Func<IOLoop>)) return () => new IOLoop(new IOLoopOptions { MakeCurrent = false });
        if (typeof(Delegate).IsAssignableFrom(type)) return NoOp(type);
        if (parameter.Name == "directory") return AppContext.BaseDirectory;
        if (type == typeof(string)) return parameter.Name == "address" ? "tcp://127.0.0.1" : "inproc://x";
        if (type == typeof(PollSource)) return PollSource.FromFileDescriptor(7);
        if (type == typeof(TimeoutHandle)) return world.Timer;
        if (type == typeof(ZMQSocket)) return new Testing.ScriptedSocket(TypeFor(parameter.Member));
        if (type == typeof(RequestOptions)) return new RequestOptions();
        if (type == typeof(IReadOnlyDictionary<string, string>)) return new Dictionary<string, string> { ["x"] = "y" };
        if (type == typeof(IEnumerable<byte[]>)) return new[] { new byte[32] };
        if (type == typeof(Message)) return new Message("x");
        if (type == typeof(Frame)) return Frame.FromString("x");
        if (type == typeof(SocketOption<int>)) return ZMQSocketOptions.SndHwm;
        if (type == typeof(JsonTypeInfo<int>)) return Numbers.Default.Int32;
        if (type == typeof(BlockedCallback)) return new BlockedCallback(new CallbackOrigin(CallbackKind.Callback), TimeSpan.Zero);
        if (type == typeof(CallbackOrigin)) return new CallbackOrigin(CallbackKind.Callback);
        if (type == typeof(Exception)) return new InvalidOperationException("given");
        if (type == typeof(Task)) return Task.CompletedTask;
        if (type == typeof(Task<int>)) return Task.FromResult(1);
        if (type == typeof(TimeSpan) || type == typeof(TimeSpan?)) return TimeSpan.FromSeconds(1);
        if (type == typeof(double)) return 1.0;
        if (type == typeof(int)) return 1;
        if (type == typeof(IOEvents)) return IOEvents.Read;
        if (type == typeof(CancellationToken)) return CancellationToken.None;
        throw new NotSupportedException($"Say what to give for {type} {parameter.Name}.");
    }

    private static SocketType TypeFor(MemberInfo member) =>
        member.DeclaringType == typeof(Responder) ? SocketType.Router : SocketType.Dealer;

    /// <summary>A delegate that does nothing, and returns a task that has ended, or nothing.</summary>
    private static Delegate NoOp(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        Expression body = invoke.ReturnType == typeof(Task) ? Expression.Constant(Task.CompletedTask)
            : invoke.ReturnType == typeof(Task<int>) ? Expression.Constant(Task.FromResult(1))
            : Expression.Default(invoke.ReturnType);
        return Expression.Lambda(type, body, invoke.GetParameters().Select(static it => Expression.Parameter(it.ParameterType))).Compile();
    }

    [JsonSerializable(typeof(int))]
    private sealed partial class Numbers : JsonSerializerContext;
}
