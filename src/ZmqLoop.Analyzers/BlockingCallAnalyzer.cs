using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ZmqLoop.Analyzers;

/// <summary>Finds what blocks in whatever runs on a loop: in lambdas and local functions at once, in methods when all have been
/// seen.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.BlockingCall, Rules.BlockingCallElsewhere];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName("ZmqLoop.IOLoop") is null) return;
            ConcurrentQueue<FunctionGraph> members = new();
            start.RegisterOperationBlockAction(block =>
            {
                FunctionGraph member = FunctionGraph.Of(block.OwningSymbol, block.OperationBlocks);
                members.Enqueue(member);
                foreach (BlockingCall call in member.BlockingOnLoop()) block.ReportDiagnostic(call.ToDiagnostic(Rules.BlockingCall));
            });
            start.RegisterCompilationEndAction(end =>
            {
                HashSet<IOperation> reported = [.. members.SelectMany(static member => member.BlockingOnLoop())
                    .Select(static call => call.Operation)];
                foreach (BlockingCall call in FunctionGraph.Merge(members).BlockingOnLoop().Where(call => reported.Add(call.Operation)))
                    end.ReportDiagnostic(call.ToDiagnostic(Rules.BlockingCallElsewhere));
            });
        });
    }
}
