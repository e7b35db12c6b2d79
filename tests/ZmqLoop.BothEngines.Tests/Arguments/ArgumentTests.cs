using ZmqLoop.Streams;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Arguments;

/// <summary>Whoever gives a wrong time, count, limit or name hears so from the call, on his thread, before anything has changed; what is
/// taken has a meaning, and harms nothing.</summary>
public sealed class ArgumentTests
{
    public static TheoryData<string> Types { get; } =
        [.. SweptParameter.All.Select(static swept => swept.Member.DeclaringType!.Name).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_wrong_value_is_refused_at_the_call_by_the_parameters_name_or_does_what_the_table_says(string type)
    {
        ArgumentTable table = ArgumentTable.Read();
        List<string> wrong = [];
        foreach (SweptParameter swept in SweptParameter.All.Where(swept => swept.Member.DeclaringType!.Name == type))
        {
            foreach (string? engine in swept.Engines)
            {
                if (Compare(swept, engine, table.RowOf(swept.Key, engine)?.Values) is { } difference) wrong.Add(difference);
            }
        }

        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\nThe table is {ArgumentTable.File}.");
    }

    [Fact]
    public void The_table_has_no_row_for_what_is_not_there()
    {
        ArgumentTable table = ArgumentTable.Read();
        Assert.Empty(table.Keys.Except(SweptParameter.All.SelectMany(swept =>
            swept.Engines.Select(engine => table.RowOf(swept.Key, engine)?.Key).Append(swept.Key))!));
    }

    [Fact]
    public void The_longest_times_do_no_harm_where_they_are_used()
    {
        using NetMQEngine engine = new();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false, BlockingThreshold = TimeSpan.MaxValue });
        using ZMQSocket peer = engine.CreateSocket(SocketType.Pair);
        peer.Bind("inproc://longest-times");
        TimeSpan ever = TimeSpan.MaxValue;
        ZMQStream stream = new(engine.CreateSocket(SocketType.Pair), loop, new ZMQStreamOptions
        {
            HandlerTimeout = ever, HandlerWarning = ever, TimeToLive = ever, DrainTime = ever, TimePerTurn = ever,
        });
        int handled = 0;
        stream.OnRecv(async (message, _) => // the token is for those who would end at the close
        {
            await loop.Delay(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            handled++;
            stream.Send(message, ever);
        });
        stream.Connect("inproc://longest-times");
        Assert.True(peer.TrySend(new Message("x")));
        bool isFinished = loop.RunSync(() => stream.FinishAsync(ever), Deadline.Default);
        Assert.Equal((true, 1), (isFinished, handled));
        Assert.True(peer.TryReceive(out Message? answer));
        Assert.Equal("x", answer[0].ToText());
    }

    private static string? Compare(SweptParameter swept, string? engine, Dictionary<string, string>? row)
    {
        List<string> now = [];
        bool isSame = row is not null;
        foreach ((string name, object? value) in WrongValues.Of(swept.Parameter.ParameterType)!)
        {
            string outcome = Call(swept, engine, value);
            isSame = isSame && outcome == (row!.GetValueOrDefault(name) ?? "refused");
            if (outcome != "refused") now.Add(outcome == "fine" ? name : $"{name}={outcome}");
        }

        string text = $"{swept.Key}{(engine is null ? "" : $" [{engine}]")}: {string.Join(' ', now)}";
        return isSame ? null : row is null ? $"{text}   has no row" : $"{text}   is not its row";
    }

    private static string Call(SweptParameter swept, string? engine, object? value)
    {
        try
        {
            using ArgumentWorld world = new(engine, swept.SocketType);
            return world.Call(swept, value) switch
            {
                null => "fine",
                ArgumentException refused when swept.Names.Contains(refused.ParamName) => "refused",
                ArgumentException refused => $"refused-as-{refused.ParamName}",
                Exception error => error.GetType().Name,
            };
        }
        catch (Exception error) when (error is not NotSupportedException)
        {
            return $"BROKEN({error.Message.ReplaceLineEndings(" ")})";
        }
    }
}
