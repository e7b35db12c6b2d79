using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ZmqLoop.Analyzers;

/// <summary>Finds spans of a message's memory that are used after the message was disposed of, in one function.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SpanLifeAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> _views = ["Span", "Body", "Frames", "Envelope"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SpanLife];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Look, SyntaxKind.InvocationExpression);
    }

    private static void Look(SyntaxNodeAnalysisContext context)
    {
        var call = (InvocationExpressionSyntax)context.Node;
        if (call.Expression is not MemberAccessExpressionSyntax { Name.Identifier.Text: "Dispose", Expression: IdentifierNameSyntax name })
            return;
        if (call.Parent is not ExpressionStatementSyntax statement) return;
        SemanticModel model = context.SemanticModel;
        if (model.GetSymbolInfo(name, context.CancellationToken).Symbol is not { } message || !IsMessage(TypeOf(message))) return;
        if (Function(call) is not { } function || !HoldsMemory(message, function, model)) return;
        foreach (ILocalSymbol span in SpansOf(message, function, call.SpanStart, model))
        {
            if (UseAfter(statement, span, function, model) is not { } use) continue;
            context.ReportDiagnostic(Diagnostic.Create(Rules.SpanLife, call.GetLocation(), [use.GetLocation()], message.Name, span.Name));
        }
    }

    /// <summary>True where it was kept, or received into: others have nothing to give back.</summary>
    private static bool HoldsMemory(ISymbol message, SyntaxNode function, SemanticModel model)
    {
        foreach (InvocationExpressionSyntax call in function.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (call.Expression is not MemberAccessExpressionSyntax { Name.Identifier.Text: var method } access) continue;
            bool isGiven = method == "Keep" && (Is(access.Expression, message, model)
                || (call.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declared }
                    && Same(model.GetDeclaredSymbol(declared), message)));
            if (isGiven || (method == "TryReceive" && call.ArgumentList.Arguments.Count == 1
                && call.ArgumentList.Arguments[0] is { RefKindKeyword.RawKind: 0 } filled
                && Is(filled.Expression, message, model))) return true;
        }

        return false;
    }

    /// <summary>The local spans that were made of the message's frames before.</summary>
    private static IEnumerable<ILocalSymbol> SpansOf(ISymbol message, SyntaxNode function, int before, SemanticModel model) =>
        function.DescendantNodes().OfType<VariableDeclaratorSyntax>()
            .Where(declared => declared.SpanStart < before && declared.Initializer is not null)
            .Where(declared => ShowsMemory(declared.Initializer!.Value, message, model))
            .Select(declared => model.GetDeclaredSymbol(declared)).OfType<ILocalSymbol>()
            .Where(static local => local.Type is { Name: "ReadOnlySpan", ContainingNamespace.Name: "System" });

    /// <summary>True for <c>message[0].Span</c>, <c>message.Body[0].Span[1..]</c>, and what <c>frame</c> shows, which is
    /// <c>message[0]</c>: nothing in between is a call that copies.</summary>
    private static bool ShowsMemory(ExpressionSyntax value, ISymbol message, SemanticModel model)
    {
        bool isSpan = false;
        while (true)
        {
            if (value is IdentifierNameSyntax name)
            {
                if (Is(name, message, model)) return isSpan;
                if (InitializerOf(name, model) is not { } made) return false;
                value = made; // a frame of it, or another span
                continue;
            }

            isSpan |= value is MemberAccessExpressionSyntax { Name.Identifier.Text: "Span" };
            ExpressionSyntax? inner = value switch
            {
                ElementAccessExpressionSyntax element => element.Expression,
                ParenthesizedExpressionSyntax parentheses => parentheses.Expression,
                MemberAccessExpressionSyntax part when _views.Contains(part.Name.Identifier.Text) => part.Expression,
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Slice" } cut } =>
                    cut.Expression,
                _ => null,
            };
            if (inner is null) return false;
            value = inner;
        }
    }

    /// <summary>What a local variable was made with.</summary>
    private static ExpressionSyntax? InitializerOf(IdentifierNameSyntax name, SemanticModel model)
    {
        if (model.GetSymbolInfo(name).Symbol is not ILocalSymbol { DeclaringSyntaxReferences.Length: 1 } local) return null;
        ExpressionSyntax? made = (local.DeclaringSyntaxReferences[0].GetSyntax() as VariableDeclaratorSyntax)?.Initializer?.Value;
        return made is null || made.Contains(name) ? null : made;
    }

    /// <summary>The first use in the statements that come after; none where the program cannot get there, or the span is another one by
    /// then.</summary>
    private static IdentifierNameSyntax? UseAfter(StatementSyntax disposed, ILocalSymbol span, SyntaxNode function, SemanticModel model)
    {
        for (SyntaxNode? at = disposed; at is not null && at != function; at = at.Parent)
        {
            if (at is not StatementSyntax statement || at.Parent is not BlockSyntax block) continue;
            int index = block.Statements.IndexOf(statement);
            foreach (StatementSyntax later in block.Statements.Skip(index + 1))
            {
                foreach (IdentifierNameSyntax name in later.DescendantNodes().OfType<IdentifierNameSyntax>())
                {
                    if (!Is(name, span, model)) continue;
                    return name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name ? null : name;
                }
            }

            ControlFlowAnalysis? rest = model.AnalyzeControlFlow(statement, block.Statements.Last());
            if (rest is not { Succeeded: true, EndPointIsReachable: true }) return null;
        }

        return null;
    }

    private static SyntaxNode? Function(SyntaxNode node) => node.Ancestors().FirstOrDefault(static parent =>
        parent is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax
            or AccessorDeclarationSyntax or GlobalStatementSyntax) switch
    {
        GlobalStatementSyntax global => global.Parent,
        var function => function,
    };

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol is ILocalSymbol local ? local.Type : (symbol as IParameterSymbol)?.Type;

    private static bool IsMessage(ITypeSymbol? type) => type is { Name: "Message", ContainingNamespace.Name: "ZmqLoop" };

    private static bool Is(ExpressionSyntax expression, ISymbol symbol, SemanticModel model) =>
        expression is IdentifierNameSyntax name && name.Identifier.Text == symbol.Name && Same(model.GetSymbolInfo(name).Symbol, symbol);

    private static bool Same(ISymbol? one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
