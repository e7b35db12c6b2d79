using System.Reflection;
using System.Text.RegularExpressions;
using NetMQ;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>A file with <c>using NetMQ; using ZmqLoop; using ZmqLoop.Streams;</c> compiles: no name means two things.</summary>
public sealed partial class NamesTests
{
    private static readonly Assembly[] _theirs = [typeof(NetMQSocket).Assembly, typeof(AsyncIO.ForceDotNet).Assembly];
    private static readonly Assembly[] _ours = [typeof(IOLoop).Assembly, typeof(ZMQStream).Assembly, typeof(NetMQEngine).Assembly];

    [Fact]
    public void No_public_type_of_ours_has_the_name_of_one_of_NetMQs()
    {
        HashSet<string> theirs = [.. _theirs.SelectMany(static assembly => assembly.GetExportedTypes()).Select(static type => type.Name)];
        Assert.Contains("SocketEvents", theirs);
        string[] ours =
            [.. _ours.SelectMany(static assembly => assembly.GetExportedTypes()).Select(static type => type.Name), .. NamesOfLibZmqs()];
        Assert.Contains(nameof(ZMQSocketEvents), ours);
        Assert.Contains("LibZmqEngine", ours);
        Assert.DoesNotContain(ours, theirs.Contains);
    }

    [Fact]
    public void No_extension_method_of_ours_can_be_confused_with_one_of_NetMQs()
    {
        MethodInfo[] theirs = [.. _theirs.SelectMany(Extensions)];
        Assert.NotEmpty(theirs);
        Assert.DoesNotContain(_ours.SelectMany(Extensions),
            mine => theirs.Any(other => other.Name == mine.Name && AreOfOne(Receiver(mine), Receiver(other))));
        Assert.True(AreOfOne(typeof(NetMQSocket), typeof(IOutgoingSocket)));
    }

    // An application with NetMQ alone does not reference it.
    private static IEnumerable<string> NamesOfLibZmqs() => Heads()
        .Matches(File.ReadAllText(Path.Combine(Checkout.Root, "tests", "ZmqLoop.Tests", "PublicApi", "ZmqLoop.LibZmq.txt")))
        .Select(static match => match.Groups["name"].Value);

    private static bool AreOfOne(Type mine, Type other) => mine.IsAssignableFrom(other) || other.IsAssignableFrom(mine);

    private static Type Receiver(MethodInfo method) => method.GetParameters()[0].ParameterType;

    private static IEnumerable<MethodInfo> Extensions(Assembly assembly) => assembly.GetExportedTypes()
        .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .Where(static method => method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), inherit: false));

    [GeneratedRegex(@"^[a-z ]+ ZmqLoop\.(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Heads();
}
