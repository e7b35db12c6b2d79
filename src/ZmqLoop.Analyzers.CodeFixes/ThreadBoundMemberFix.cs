using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ZmqLoop.Analyzers;

/// <summary>Has the loop do what belongs to its thread: awaited in an async function, else posted.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ThreadBoundMemberFix))]
public sealed class ThreadBoundMemberFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.ThreadBoundMemberId];

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
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax member) continue;
            if (Functions.Enclosing(member) is not { } function || LoopOf(member, model) is not { } loop) continue;
            if (member.DescendantNodes().Any(static node => node is AwaitExpressionSyntax)) continue;
            bool isAsync = Functions.IsAsync(function);
            if (!isAsync && !IsStatement(member)) continue; // what it gives back is wanted at once
            if (member.Parent is AssignmentExpressionSyntax assignment && assignment.Left == member) continue;
            string method = isAsync ? "InvokeAsync" : "AddCallback";
            context.RegisterCodeFix(CodeAction.Create($"Give it to the loop: {method}", _ => Task.FromResult(
                context.Document.WithSyntaxRoot(root.ReplaceNode(member, Posted(member, loop, method)))), method), diagnostic);
        }
    }

    private static ExpressionSyntax Posted(ExpressionSyntax member, string loop, string method)
    {
        bool isAwaited = method == "InvokeAsync";
        string start = isAwaited ? "await " : "";
        ExpressionSyntax posted = SyntaxFactory.ParseExpression($"{start}{loop}.{method}(() => {member.WithoutTrivia()})");
        bool isWhole = !isAwaited || IsStatement(member)
            || member.Parent is EqualsValueClauseSyntax or ReturnStatementSyntax or ArgumentSyntax or AssignmentExpressionSyntax;
        return (isWhole ? posted : SyntaxFactory.ParenthesizedExpression(posted)).WithTriviaFrom(member);
    }

    private static bool IsStatement(ExpressionSyntax expression) =>
        expression.Parent is ExpressionStatementSyntax or LambdaExpressionSyntax;

    /// <summary>How the loop is called to which the member's owner belongs, where that can be said in a word.</summary>
    private static string? LoopOf(ExpressionSyntax member, SemanticModel model)
    {
        if ((member as InvocationExpressionSyntax)?.Expression is not MemberAccessExpressionSyntax access)
        {
            if (member is not MemberAccessExpressionSyntax property) return null;
            access = property;
        }

        if (access.Expression is not (IdentifierNameSyntax or MemberAccessExpressionSyntax)) return null;
        string owner = access.Expression.ToString();
        return model.GetTypeInfo(access.Expression).Type?.Name switch
        {
            "ZMQStream" or "ZMQProxy" => owner + ".IOLoop",
            "IOLoop" or "ZMQIOLoop" => owner,
            _ => null,
        };
    }
}
