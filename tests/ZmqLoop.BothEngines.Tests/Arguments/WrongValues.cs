namespace ZmqLoop.Tests.Arguments;

/// <summary>What callers give by mistake, by the type of the parameter. Each value has a name, by which the table speaks of it.</summary>
internal static class WrongValues
{
    private static readonly string _long = new('x', 5_000_000);

    /// <summary>Null where the type is none of a time, a count or a name.</summary>
    public static IReadOnlyList<(string Name, object? Value)>? Of(Type type) => Type.GetTypeCode(type) switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } given => Of(given),
        _ when type.IsEnum => [("negative", Enum.ToObject(type, -1)), ("undefined", Enum.ToObject(type, 0x4000_0000))],
        TypeCode.Int32 => [("min", int.MinValue), ("-1", -1), ("0", 0), ("max", int.MaxValue)],
        TypeCode.Int64 => [("min", long.MinValue), ("-1", -1L), ("0", 0L), ("max", long.MaxValue)],
        TypeCode.Double =>
        [
            ("nan", double.NaN), ("-inf", double.NegativeInfinity), ("-1", -1.0), ("0", 0.0), ("tiny", double.Epsilon),
            ("max", double.MaxValue), ("inf", double.PositiveInfinity),
        ],
        TypeCode.String =>
        [
            ("null", null), ("empty", ""), ("line", "a\nb"), ("nul", "a\0b"), ("half", "a\uD800"), ("long", _long),
        ],
        _ when type == typeof(TimeSpan) =>
        [
            ("min", TimeSpan.MinValue), ("-30d", TimeSpan.FromDays(-30)), ("-1ms", Timeout.InfiniteTimeSpan), ("-tick", new TimeSpan(-1)),
            ("0", TimeSpan.Zero), ("tick", new TimeSpan(1)), ("30d", TimeSpan.FromDays(30)), ("max", TimeSpan.MaxValue),
        ],
        _ => null,
    };
}
