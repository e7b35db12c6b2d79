using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ZmqLoop.Analyzers;

/// <summary>Keeps the message, or receives copies.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BorrowedMessageFix))]
public sealed class BorrowedMessageFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.BorrowedMessageId];

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
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not IdentifierNameSyntax name) continue;
            if (Kept(root, name, diagnostic, model) is { } kept)
                Register("Keep() it", context.Document.WithSyntaxRoot(kept));
            if (root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan) is ArgumentSyntax copy)
            {
                LiteralExpressionSyntax copied = SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression);
                Register("Receive copies", context.Document.WithSyntaxRoot(root.ReplaceNode(copy.Expression, copied)));
            }

            void Register(string title, Document changed) =>
                context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(changed), title), diagnostic);
        }
    }

    /// <summary>A value that leaves is kept where it does; what is captured, as soon as the callback begins. A frame cannot be
    /// kept.</summary>
    private static SyntaxNode? Kept(SyntaxNode root, IdentifierNameSyntax name, Diagnostic diagnostic, SemanticModel model)
    {
        if (model.GetTypeInfo(name).Type?.Name != "Message") return null;
        if (diagnostic.Properties[Rules.Kind] == "Value")
            return root.ReplaceNode(name, SyntaxFactory.ParseExpression($"{name.Identifier.Text}.Keep()").WithTriviaFrom(name));
        var call = root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan).Parent as ArgumentListSyntax;
        if (call?.Arguments[0].Expression is not LambdaExpressionSyntax { Block: { Statements.Count: > 0 } block }) return null;
        StatementSyntax first = block.Statements[0];
        StatementSyntax keep = SyntaxFactory.ParseStatement($"{name.Identifier.Text}.Keep();").WithLeadingTrivia(first.GetLeadingTrivia())
            .WithTrailingTrivia(first.GetLeadingTrivia().Count == 0 ? SyntaxFactory.Space : SyntaxFactory.ElasticLineFeed);
        return root.ReplaceNode(block, block.WithStatements(block.Statements.Insert(0, keep)));
    }
}
