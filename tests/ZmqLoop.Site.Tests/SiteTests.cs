using System.Net;

namespace ZmqLoop.Site;

public sealed class SiteTests(MadeSite site) : IClassFixture<MadeSite>
{
    [Fact]
    public void It_is_made_without_a_warning_and_its_front_page_is_the_readme()
    {
        site.MustBeMade();
        string readme = File.ReadLines(Path.Combine(Checkout.Root, "README.md")).First(static line => line.Length > 2 && line[0] != '#');
        Assert.Contains(readme.Split(['[', '`', ':'])[0], WebUtility.HtmlDecode(site.Pages["index.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_page_of_docs_is_on_it()
    {
        site.MustBeMade();
        Assert.All(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "docs"), "*.md"),
            page => Assert.Contains($"docs/{Path.GetFileNameWithoutExtension(page)}.html", site.Pages.Keys));
    }

    [Theory]
    [InlineData("ZmqLoop.IOLoop")]
    [InlineData("ZmqLoop.Streams.ZMQStream")]
    [InlineData("ZmqLoop.NetMQLoopPoller")]
    [InlineData("ZmqLoop.LibZmqEngine")]
    [InlineData("ZmqLoop.Hosting.HostedLoopBuilder")]
    [InlineData("ZmqLoop.Testing.ScriptedLoop")]
    public void Every_packages_types_have_pages(string type)
    {
        site.MustBeMade();
        Assert.Contains($"api/{type}.html", site.Pages.Keys);
    }

    [Fact]
    public void No_link_leads_nowhere()
    {
        site.MustBeMade();
        List<string> broken = [];
        int links = 0;
        foreach ((string page, string html) in site.Pages)
        {
            foreach ((string target, string anchor) in MadeSite.Links(page, html))
            {
                links++;
                bool there = site.Pages.TryGetValue(target, out string? text) || Path.Exists(Path.Combine(MadeSite.Folder, target));
                if (there && text is not null && anchor.Length > 0)
                    there = text.Contains($"id=\"{anchor}\"", StringComparison.Ordinal);
                if (!there) broken.Add($"{page}: {target}#{anchor}");
            }
        }

        Assert.True(links > 1000, $"{links} links were looked at.");
        Assert.Empty(broken.Distinct());
    }

    [Fact]
    public async Task On_a_phone_no_page_is_wider_than_the_screen_and_the_texts_of_pictures_can_be_read()
    {
        site.MustBeMade();
        string? chromium = Environment.GetEnvironmentVariable("ZMQLOOP_CHROMIUM");
        string? modules = Environment.GetEnvironmentVariable("ZMQLOOP_BROWSER_MODULES");
        Assert.SkipWhen(string.IsNullOrEmpty(chromium) || string.IsNullOrEmpty(modules),
            $"chromium is missing: {Environment.GetEnvironmentVariable("ZMQLOOP_BROWSER_REASON") ?? "./build.sh test finds it"}");
        string[] pages = [.. site.Pages.Keys.Where(static page => !page.StartsWith("api/", StringComparison.Ordinal)),
            "api/ZmqLoop.html", "api/ZmqLoop.Streams.ZMQStream.html"];
        string script = Path.Combine(Checkout.Root, "tests", "ZmqLoop.Site.Tests", "screens.cjs");
        (int exitCode, string output) =
            await Command.RunAsync(Checkout.Root, "node", [script, modules!, chromium!, MadeSite.Folder, .. pages]);
        Assert.True(exitCode == 0, output);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches($"^looked at {pages.Length} pages and [1-9][0-9]* pictures$", Assert.Single(lines));
    }
}
