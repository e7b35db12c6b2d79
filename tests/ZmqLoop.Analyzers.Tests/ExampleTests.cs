using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ZmqLoop.Analyzers.Tests;

/// <summary>The types that people begin with have examples, which compile, and of which the analyzers have nothing to say.</summary>
public sealed class ExampleTests
{
    private static readonly Type[] _firstRank =
    [
        typeof(ZMQIOLoop), typeof(IOLoop), typeof(IOLoopThread), typeof(ZMQPoller), typeof(DelayedCallback), typeof(PeriodicCallback),
        typeof(ZMQSocket), typeof(Message), typeof(Frame), typeof(StackContext), typeof(ExceptionStackContext), typeof(CallbackScope),
        typeof(NetMQEngine), typeof(NetMQLoopPoller), typeof(LibZmqEngine),
        typeof(Streams.ZMQStream), typeof(Streams.RequestClient), typeof(Streams.Responder), typeof(Streams.ZMQProxy),
        typeof(Streams.Authenticator), typeof(Streams.SocketMonitor), typeof(Streams.PubLoggerProvider),
        typeof(Hosting.ZmqLoopServiceCollectionExtensions),
        typeof(Testing.ManualTimeProvider), typeof(Testing.ScriptedLoop), typeof(Testing.ScriptedSocket),
    ];

    public static TheoryData<string> FirstRank => [.. _firstRank.Select(static type => type.FullName!)];

    [Theory]
    [MemberData(nameof(FirstRank))]
    public async Task A_type_of_the_first_rank_has_an_example_that_compiles(string type)
    {
        string[] examples = [.. Examples(_firstRank.Single(one => one.FullName == type))];
        Assert.NotEmpty(examples);
        foreach (string example in examples)
        {
            Assert.Contains(type[(type.LastIndexOf('.') + 1)..].Replace("ZmqLoopServiceCollectionExtensions", "AddZmqLoop",
                StringComparison.Ordinal), example, StringComparison.Ordinal);
            Compilation compilation = Analysis.Compile([Usings(type) + example], OutputKind.ConsoleApplication);
            Assert.Empty(await Analysis.DiagnosticsAsync(Analyzers(), compilation));
        }
    }

    // As Testing's readers have it, beside what a console project has by itself.
    private static string Usings(string type) =>
        type.StartsWith("ZmqLoop.Testing.", StringComparison.Ordinal) ? "using ZmqLoop.Testing;\n" : "";

    private static IEnumerable<string> Examples(Type type) =>
        XDocument.Load(Path.ChangeExtension(type.Assembly.Location, "xml")).Descendants("member")
            .Single(member => (string?)member.Attribute("name") == "T:" + type.FullName)
            .Elements("example").Elements("code").Select(static code => code.Value);

    private static ImmutableArray<DiagnosticAnalyzer> Analyzers() =>
        [.. typeof(BlockingCallAnalyzer).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];
}
