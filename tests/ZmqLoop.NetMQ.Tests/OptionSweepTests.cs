using System.Reflection;
using System.Text.RegularExpressions;

namespace ZmqLoop.Tests;

/// <summary>Every option there is, on sockets of this engine.</summary>
public sealed partial class OptionSweepTests
{
    private static readonly SocketType[] _types =
    [
        SocketType.Dealer, SocketType.Router, SocketType.Req, SocketType.Rep, SocketType.Pub, SocketType.Sub, SocketType.XPub,
        SocketType.XSub, SocketType.Push, SocketType.Pull, SocketType.Pair, SocketType.Stream,
    ];

    private static IEnumerable<SocketOption> Options => typeof(ZMQSocketOptions)
        .GetProperties(BindingFlags.Public | BindingFlags.Static).Select(static property => (SocketOption)property.GetValue(null)!);

    [Fact]
    public void Each_option_works_on_some_socket_or_is_one_of_those_that_engines_md_says_are_missing()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { AllowUnenforcedCurve = true });
        List<string> missing = [];
        foreach (SocketOption option in Options)
        {
            Exception?[] outcomes = [.. _types.SelectMany(type => Outcomes(engine, type, option))];
            foreach (Exception exception in outcomes.OfType<Exception>())
            {
                Assert.Contains(option.Name, exception.Message, StringComparison.Ordinal);
                Assert.True(exception is ZMQException { Code: not ZMQErrorCode.Unknown } or NotSupportedException, $"{exception}");
            }

            if (outcomes.Contains(null)) continue;
            missing.Add(option.Name);
            Assert.All(outcomes, outcome =>
            {
                Assert.Equal((ZMQErrorCode.NotSupported, "ENOTSUP"), (((ZMQException)outcome!).Code, ((ZMQException)outcome).Name));
                Assert.Contains($"NetMQ has no {option.Name}", outcome.Message, StringComparison.Ordinal);
                Assert.Contains("ZmqLoop.LibZmq", outcome.Message, StringComparison.Ordinal);
            });
        }

        Assert.Equal(Documented(), missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_option_of_which_NetMQ_has_one_half_says_which_half_is_missing()
    {
        using NetMQEngine engine = new();
        using ZMQSocket socket = engine.CreateSocket(SocketType.Router);
        Assert.Contains("ZMQ_ROUTER_MANDATORY cannot be read",
            Assert.Throws<ZMQException>(() => socket.Get(ZMQSocketOptions.RouterMandatory)).Message, StringComparison.Ordinal);
        Assert.Contains("ZMQ_TYPE cannot be set",
            Assert.Throws<ZMQException>(() => socket.Set(ZMQSocketOptions.Type, 1)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Exception?> Outcomes(NetMQEngine engine, SocketType type, SocketOption option)
    {
        using ZMQSocket socket = engine.CreateSocket(type);
        yield return Record.Exception(() => Do(socket, option, set: false));
        yield return Record.Exception(() => Do(socket, option, set: true));
    }

    private static void Do(ZMQSocket socket, SocketOption option, bool set)
    {
        switch (option)
        {
            case SocketOption<int> number: Do(socket, number, set ? 1 : null); break;
            case SocketOption<long> number: Do(socket, number, set ? 1L : null); break;
            case SocketOption<ulong> number: Do(socket, number, set ? 1UL : null); break;
            case SocketOption<bool> flag: Do(socket, flag, set ? true : null); break;
            case SocketOption<TimeSpan> time: Do(socket, time, set ? TimeSpan.FromSeconds(1) : null); break;
            case SocketOption<string> text when set: socket.Set(text, "x"); break;
            case SocketOption<string> text: socket.Get(text); break;
            case SocketOption<byte[]> bytes when set: socket.Set(bytes, socket.Engine.CreateCurveKeyPair().SecretKey); break;
            case SocketOption<byte[]> bytes: socket.Get(bytes); break;
            default: Assert.Fail($"{option}: a type that is not known here."); break;
        }
    }

    private static void Do<T>(ZMQSocket socket, SocketOption<T> option, T? value) where T : struct
    {
        if (value is { } set) socket.Set(option, set);
        else socket.Get(option);
    }

    private static IEnumerable<string> Documented()
    {
        string text = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "engines.md")).ReplaceLineEndings(" ");
        Match missing = MissingOptions().Match(text);
        Assert.True(missing.Success);
        string[] groups = [.. Groups().Match(missing.Value).Groups[1].Value.Split([", ", " and "], StringSplitOptions.None)];
        Assert.NotEmpty(groups);
        IEnumerable<string> named = Names().Matches(missing.Value).Select(static match => match.Value);
        return named.Concat(Options.Select(static option => option.Name)
            .Where(name => groups.Any(group => name.StartsWith($"ZMQ_{group}_", StringComparison.Ordinal)))).Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"With NetMQ these are missing:[^.]*\.")]
    private static partial Regex MissingOptions();

    [GeneratedRegex(@"all of ([^.]*)\.")]
    private static partial Regex Groups();

    [GeneratedRegex("ZMQ_[A-Z_]+")]
    private static partial Regex Names();
}
