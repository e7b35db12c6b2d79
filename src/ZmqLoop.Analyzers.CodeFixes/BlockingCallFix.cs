using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ZmqLoop.Analyzers;

/// <summary>Awaits what blocked, in a lambda that can be async, or a function that is.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BlockingCallFix))]
public sealed class BlockingCallFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.BlockingCallId];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null) return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (!Enum.TryParse(diagnostic.Properties[Rules.Kind], out BlockingKind kind)) continue;
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax call) continue;
            if (Functions.Enclosing(call) is not { } function || !CanBeAsync(function, model, context.CancellationToken)) continue;
            if (Awaited(call, kind, function, model) is not { } awaited) continue;
            string title = kind == BlockingKind.Sleep ? "Await the loop's Delay" : "Await it";
            context.RegisterCodeFix(CodeAction.Create(title,
                _ => Task.FromResult(Replace(context.Document, root, function, call, awaited)), title), diagnostic);
        }
    }

    private static Document Replace(
        Document document, SyntaxNode root, SyntaxNode function, ExpressionSyntax call, ExpressionSyntax awaited)
    {
        SyntaxNode changed = function.ReplaceNode(call, awaited.WithTriviaFrom(call));
        return document.WithSyntaxRoot(root.ReplaceNode(function, Functions.AsAsync(changed)));
    }

    private static ExpressionSyntax? Awaited(ExpressionSyntax call, BlockingKind kind, SyntaxNode function, SemanticModel model)
    {
        ExpressionSyntax? task = kind switch
        {
            BlockingKind.Sleep => Delay((InvocationExpressionSyntax)call, function, model),
            BlockingKind.Task or BlockingKind.Result => TaskOf(call),
            BlockingKind.Wait or BlockingKind.Receive or _ => null,
        };
        if (task is null) return null;
        ExpressionSyntax awaited = SyntaxFactory.AwaitExpression(task.WithoutTrivia()).NormalizeWhitespace();
        bool isWhole = call.Parent is ExpressionStatementSyntax or LambdaExpressionSyntax or EqualsValueClauseSyntax
            or ReturnStatementSyntax or ArgumentSyntax or ArrowExpressionClauseSyntax;
        return isWhole ? awaited : SyntaxFactory.ParenthesizedExpression(awaited);
    }

    /// <summary>The task of <c>task.Result</c>, <c>task.Wait()</c>, <c>task.ConfigureAwait(false).GetAwaiter().GetResult()</c>.</summary>
    private static ExpressionSyntax? TaskOf(ExpressionSyntax expression)
    {
        while (true)
        {
            if (expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax method }) expression = method;
            if (expression is not MemberAccessExpressionSyntax member) return null;
            if (member.Name.Identifier.Text is not "GetResult") return WithoutConfigureAwait(member.Expression);
            expression = member.Expression; // its GetAwaiter()
        }
    }

    private static ExpressionSyntax WithoutConfigureAwait(ExpressionSyntax task) => task is InvocationExpressionSyntax
    {
        Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } configured,
    } ? configured.Expression : task;

    private static ExpressionSyntax Delay(InvocationExpressionSyntax sleep, SyntaxNode function, SemanticModel model)
    {
        ExpressionSyntax time = sleep.ArgumentList.Arguments[0].Expression;
        if (model.GetTypeInfo(time).ConvertedType?.SpecialType == SpecialType.System_Int32)
            time = SyntaxFactory.ParseExpression($"{Named("System", "TimeSpan", sleep, model)}.FromMilliseconds({time})");
        return SyntaxFactory.ParseExpression($"{LoopOf(function, model)}.Delay({time})");
    }

    /// <summary>How the loop is called to which the function is given: by its name there, else as the current one.</summary>
    private static string LoopOf(SyntaxNode function, SemanticModel model)
    {
        if (Functions.GivenTo(function) is InvocationExpressionSyntax
            { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax given } }
            && model.GetTypeInfo(given).Type is { } type)
        {
            for (ITypeSymbol? loop = type; loop is not null; loop = loop.BaseType)
            {
                if (loop.ToDisplayString() == "ZmqLoop.IOLoop") return given.Identifier.Text;
            }

            if (type.GetMembers("IOLoop").OfType<IPropertySymbol>().Any()) return given.Identifier.Text + ".IOLoop";
        }

        return Named("ZmqLoop", "IOLoop", function, model) + ".Current";
    }

    /// <summary>A type's name as it is known there.</summary>
    private static string Named(string space, string type, SyntaxNode there, SemanticModel model) =>
        model.LookupNamespacesAndTypes(there.SpanStart, name: type).OfType<INamedTypeSymbol>().Any() ? type : $"{space}.{type}";

    /// <summary>True where it is, or is a lambda and the method that it is given to has an overload that awaits such a one.</summary>
    private static bool CanBeAsync(SyntaxNode function, SemanticModel model, CancellationToken cancellationToken)
    {
        if (Functions.IsAsync(function)) return true;
        if (function is not LambdaExpressionSyntax || Functions.GivenTo(function) is not { } call) return false;
        if (model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method) return false;
        if (model.GetSymbolInfo(function, cancellationToken).Symbol is not IMethodSymbol lambda) return false;
        return method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().SelectMany(static overload => overload.Parameters)
            .Any(parameter => parameter.Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke }
                && invoke.ReturnType.Name == "Task" && invoke.Parameters.Length == lambda.Parameters.Length);
    }
}
