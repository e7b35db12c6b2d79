using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace ZmqLoop.Analyzers.Tests;

/// <summary>Runs an analyzer, and its fix, over a piece of a program. What is to be reported stands in <c>[|</c> and <c>|]</c>.</summary>
internal static partial class Analysis
{
    private static readonly MetadataReference[] _references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static file => !Path.GetFileName(file).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .Select(static file => MetadataReference.CreateFromFile(file))];

    private static readonly string _usings = string.Join('\n', new[]
    {
        "System", "System.Collections.Concurrent", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading",
        "System.Threading.Channels", "System.Threading.Tasks", "ZmqLoop", "ZmqLoop.Streams",
    }.Select(static name => $"global using {name};"));

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Asserts that the analyzer reports what is marked, and nothing else.</summary>
    public static async Task ReportsAsync<TAnalyzer>(string members) where TAnalyzer : DiagnosticAnalyzer, new()
    {
        (string source, TextSpan[] expected) = Marked(InClass(members));
        TextSpan[] found = [.. (await DiagnosticsAsync(new TAnalyzer(), Document(source))).Select(static one => one.Location.SourceSpan)];
        Assert.Equal(Shown(source, expected), Shown(source, found));
    }

    /// <summary>Asserts that the fix makes this of the first report; a number chooses among several fixes.</summary>
    /// <remarks>What it makes has to compile.</remarks>
    public static async Task FixesAsync<TAnalyzer, TFix>(string members, string expected, int choice = 0)
        where TAnalyzer : DiagnosticAnalyzer, new() where TFix : CodeFixProvider, new()
    {
        Document document = Document(Marked(InClass(members)).Source);
        List<CodeAction> actions = await ActionsAsync<TAnalyzer, TFix>(document);
        Assert.True(actions.Count > choice, "There is no such fix.");
        ImmutableArray<CodeActionOperation> operations = await actions[choice].GetOperationsAsync(Cancellation);
        Document changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        Assert.Equal(InClass(expected), (await changed.GetTextAsync(Cancellation)).ToString());
        Assert.Empty(await DiagnosticsAsync(new TAnalyzer(), changed));
    }

    /// <summary>Asserts that there is a report and no fix for it.</summary>
    public static async Task HasNoFixAsync<TAnalyzer, TFix>(string members)
        where TAnalyzer : DiagnosticAnalyzer, new() where TFix : CodeFixProvider, new() =>
        Assert.Empty(await ActionsAsync<TAnalyzer, TFix>(Document(Marked(InClass(members)).Source)));

    /// <summary>Whatever the analyzers report in a project of these files, which has to compile.</summary>
    public static async Task<Diagnostic[]> DiagnosticsAsync(ImmutableArray<DiagnosticAnalyzer> analyzers, Compilation compilation)
    {
        Assert.Empty(compilation.GetDiagnostics(Cancellation).Where(static one => one.Severity == DiagnosticSeverity.Error));
        List<Exception> failures = [];
        CompilationWithAnalyzersOptions options = new(new AnalyzerOptions([]), (failure, _, _) => failures.Add(failure),
            concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        Diagnostic[] found = [.. (await compilation.WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync(Cancellation))
            .OrderBy(static one => one.Location.SourceSpan.Start)];
        Assert.Empty(failures);
        return found;
    }

    /// <summary>A project of these files.</summary>
    public static Compilation Compile(IEnumerable<string> files, OutputKind kind) => CSharpCompilation.Create("Program",
        files.Select(static file => CSharpSyntaxTree.ParseText(file)).Append(CSharpSyntaxTree.ParseText(_usings)), _references,
        new CSharpCompilationOptions(kind, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    private static async Task<Diagnostic[]> DiagnosticsAsync(DiagnosticAnalyzer analyzer, Document document) =>
        await DiagnosticsAsync([analyzer], (await document.Project.GetCompilationAsync(Cancellation))!);

    private static async Task<List<CodeAction>> ActionsAsync<TAnalyzer, TFix>(Document document)
        where TAnalyzer : DiagnosticAnalyzer, new() where TFix : CodeFixProvider, new()
    {
        Diagnostic[] reported = await DiagnosticsAsync(new TAnalyzer(), document);
        Assert.NotEmpty(reported);
        List<CodeAction> actions = [];
        CodeFixContext context = new(document, reported[0], (action, _) => actions.Add(action), Cancellation);
        await new TFix().RegisterCodeFixesAsync(context);
        return actions;
    }

    private static Document Document(string source)
    {
        AdhocWorkspace workspace = new();
        Project project = workspace.AddProject(ProjectInfo.Create(ProjectId.CreateNewId(), VersionStamp.Create(), "Program", "Program",
            LanguageNames.CSharp, metadataReferences: _references,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable)));
        return project.AddDocument("Usings.cs", _usings).Project.AddDocument("Program.cs", source);
    }

    private static string InClass(string members) => "class Program\n{\n" + members + "\n}\n";

    private static (string Source, TextSpan[] Spans) Marked(string source)
    {
        List<TextSpan> spans = [];
        while (Mark().Match(source) is { Success: true } mark)
        {
            spans.Add(new TextSpan(mark.Index, mark.Groups[1].Length));
            source = source.Remove(mark.Index, mark.Length).Insert(mark.Index, mark.Groups[1].Value);
        }

        return (source, [.. spans]);
    }

    private static string[] Shown(string source, IEnumerable<TextSpan> spans) =>
        [.. spans.Select(span => $"{source[..span.Start].Count(static c => c == '\n')}: {source.Substring(span.Start, span.Length)}")];

    [GeneratedRegex(@"\[\|(.*?)\|\]", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
