using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ZmqLoop.Analyzers;

/// <summary>Lambdas, local functions and methods, as they are written.</summary>
internal static class Functions
{
    /// <summary>The innermost one around a node.</summary>
    public static SyntaxNode? Enclosing(SyntaxNode node) => node.Ancestors().FirstOrDefault(static parent =>
        parent is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax
            or AccessorDeclarationSyntax);

    public static bool IsAsync(SyntaxNode function) => function switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword != default,
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
        MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };

    /// <summary>A lambda with the modifier; whatever has it, and all else, as it is.</summary>
    public static SyntaxNode AsAsync(SyntaxNode function)
    {
        if (function is not LambdaExpressionSyntax lambda || IsAsync(function)) return function;
        SyntaxToken modifier = SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space)
            .WithLeadingTrivia(lambda.GetLeadingTrivia());
        return lambda.WithoutLeadingTrivia() switch
        {
            SimpleLambdaExpressionSyntax simple => simple.WithAsyncKeyword(modifier),
            ParenthesizedLambdaExpressionSyntax many => many.WithAsyncKeyword(modifier),
            var other => other,
        };
    }

    /// <summary>The call, or the creation, that a lambda is an argument of.</summary>
    public static ExpressionSyntax? GivenTo(SyntaxNode function) =>
        (function.Parent as ArgumentSyntax)?.Parent?.Parent as ExpressionSyntax;
}
