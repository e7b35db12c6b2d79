using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class LineLengthTests
{
    private const int Most = 140; // .editorconfig says so to editors

    [Theory]
    [InlineData("src", "*.cs")]
    [InlineData("tests", "*.cs")]
    [InlineData("bench", "*.cs")]
    [InlineData("examples", "*.cs")]
    [InlineData("docs", "*.md")]
    [InlineData("src", "*.md")]
    [InlineData(".", "*.md")]
    [InlineData(".", "*.sh")]
    [InlineData("eng", "*.sh")]
    [InlineData(".ci", "run")]
    [InlineData("bench", "*.c")]
    [InlineData("bench", "*.h")]
    [InlineData("bench", "*.py")]
    [InlineData("bench", "*.js")]
    [InlineData("tests", "*.py")]
    [InlineData("tests", "*.js")]
    [InlineData("examples", "*.py")]
    public void No_line_is_longer_than_it_can_be_read(string folder, string files)
    {
        string root = Path.Combine(Checkout.Root, folder);
        SearchOption depth = folder == "." ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories;
        string[] read = Directory.GetFiles(root, files, depth);
        Assert.NotEmpty(read);
        Assert.Empty(read.SelectMany(TooLong));
    }

    private static IEnumerable<string> TooLong(string file)
    {
        bool shown = false; // what a program printed is shown as it was
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (file.EndsWith(".md", StringComparison.Ordinal) && line.StartsWith("```", StringComparison.Ordinal)) shown = !shown;
            if (line.Length > Most && !shown && !IsTableOrLink(file, line))
                yield return $"{Path.GetRelativePath(Checkout.Root, file)}:{number}: {line.Length}";
        }
    }

    private static bool IsTableOrLink(string file, string line) => file.EndsWith(".md", StringComparison.Ordinal)
        && (line.StartsWith('|') || line.Contains("](http", StringComparison.Ordinal));
}
