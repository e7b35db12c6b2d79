using System.Text.RegularExpressions;

namespace ZmqLoop.Site;

/// <summary>The site, made once by the command that people use.</summary>
public sealed partial class MadeSite : IAsyncLifetime
{
    private (int ExitCode, string Output) _made;

    public static string Folder => Path.Combine(Checkout.Root, "artifacts", "site");

    /// <summary>Its pages, by their addresses.</summary>
    public IReadOnlyDictionary<string, string> Pages { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        if (OperatingSystem.IsWindows()) return;
        _made = await Command.RunAsync(Checkout.Root, "bash", "build.sh", "site");
        if (_made.ExitCode == 0)
        {
            Pages = Directory.EnumerateFiles(Folder, "*.html", SearchOption.AllDirectories)
                .ToDictionary(static file => Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllText);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Skips where the tool cannot be had, and fails where the site could not be made.</summary>
    public void MustBeMade()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The site is made by a shell script.");
        Assert.SkipWhen(_made.Output.Contains("cannot be had from the registry", StringComparison.Ordinal), _made.Output);
        Assert.True(_made.ExitCode == 0, _made.Output);
    }

    /// <summary>Where the links and pictures of a page lead that stay on the site.</summary>
    public static IEnumerable<(string Target, string Anchor)> Links(string page, string html)
    {
        foreach (Match link in Link().Matches(html))
        {
            string to = Uri.UnescapeDataString(link.Groups["to"].Value);
            int hash = to.IndexOf('#', StringComparison.Ordinal);
            string path = hash < 0 ? to : to[..hash];
            string target = path.Length == 0 ? page : Path.GetRelativePath("/", Path.Combine("/", Path.GetDirectoryName(page)!, path));
            yield return (path.EndsWith('/') ? target + "/" : target, hash < 0 ? "" : to[(hash + 1)..]);
        }
    }

    [GeneratedRegex("""<(?:a|img|link|script)\b[^>]*?\b(?:href|src)="(?!\w+:|//)(?<to>[^"]+)""")]
    private static partial Regex Link();
}
