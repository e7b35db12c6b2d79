using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>Each text that docs/troubleshooting.md quotes is one of the library's own.</summary>
public sealed partial class TroubleshootingTests
{
    private static readonly string _sources = Joined().Replace(string.Concat(Directory.EnumerateFiles(
        Path.Combine(Checkout.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)), "");

    public static TheoryData<string> Quoted() =>
        [.. Blocks().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "troubleshooting.md")).ReplaceLineEndings("\n"))
            .SelectMany(static block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    [Theory]
    [MemberData(nameof(Quoted))]
    public void A_quoted_text_is_in_the_sources(string text)
    {
        string[] pieces = [.. text.Split('…', StringSplitOptions.TrimEntries).Where(static piece => piece.Length > 3)];
        Assert.NotEmpty(pieces);
        Assert.All(pieces, piece => Assert.All(Sentences().Split(piece),
            sentence => Assert.Contains(sentence, _sources, StringComparison.Ordinal)));
    }

    // A text that goes on in the next line, and one whose end is a constant.
    [GeneratedRegex(@"""\s*\+\s*\$?""")]
    private static partial Regex Joined();

    [GeneratedRegex("```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?<=\)|and) (?=is closed now)|(?<=\): )")]
    private static partial Regex Sentences();
}
