using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZmqLoop.Dashboard.Tests;

/// <summary>A real Chromium, which playwright-core drives. ZMQLOOP_CHROMIUM names it, and is empty where there is none.</summary>
internal sealed class Browser : ChildProcess
{
    private Browser(ProcessStartInfo start) : base(start)
    {
    }

    private static string Chromium => Environment.GetEnvironmentVariable("ZMQLOOP_CHROMIUM") ?? "";

    public static Browser StartOrSkip()
    {
        string? reason = Environment.GetEnvironmentVariable("ZMQLOOP_BROWSER_REASON");
        Assert.SkipWhen(Chromium.Length == 0, "chromium is missing: "
            + (string.IsNullOrEmpty(reason) ? "ZMQLOOP_CHROMIUM is not set; ./build.sh test sets it" : reason));
        string script = Path.Combine(Checkout.Root, "tests", "ZmqLoop.Dashboard.Tests", "browser.cjs");
        ProcessStartInfo start = new("node", [script]) { RedirectStandardInput = true };
        start.Environment["NODE_PATH"] = Environment.GetEnvironmentVariable("ZMQLOOP_BROWSER_MODULES");
        return new Browser(start);
    }

    /// <summary>Opens a page, and waits until it is live, where it is to be.</summary>
    public Task OpenAsync(string url, int width = 1600, string scheme = "light", bool live = true) =>
        SendAsync("open", new JsonObject { ["url"] = url, ["width"] = width, ["scheme"] = scheme, ["live"] = live });

    /// <summary>Waits until a part of the page has a text in it.</summary>
    public Task SeeAsync(string selector, string text, int seconds = 30) =>
        SendAsync("see", new JsonObject { ["selector"] = selector, ["text"] = text, ["seconds"] = seconds });

    /// <summary>Waits until no such part has that text any more.</summary>
    public Task GoneAsync(string selector, string text) => SendAsync("gone", new JsonObject { ["selector"] = selector, ["text"] = text });

    public async Task<string[]> ReadAsync(string selector) =>
        (await SendAsync("read", new JsonObject { ["selector"] = selector })).Deserialize<string[]>()!;

    public Task TypeAsync(string selector, string text) => SendAsync("type", new JsonObject { ["selector"] = selector, ["text"] = text });

    public Task ClickAsync(string selector) => SendAsync("click", new JsonObject { ["selector"] = selector });

    /// <summary>Presses a key, and says what has the focus then.</summary>
    public async Task<string> PressAsync(string key)
    {
        await SendAsync("press", new JsonObject { ["key"] = key });
        return (await SendAsync("focused", [])).GetString()!;
    }

    /// <summary>By how many pixels the page is wider than the window.</summary>
    public async Task<int> OverflowAsync() => (await SendAsync("overflow", [])).GetInt32();

    /// <summary>Writes a picture to artifacts/screens.</summary>
    public Task ScreenshotAsync(string name)
    {
        string folder = Path.Combine(Checkout.Root, "artifacts", "screens");
        Directory.CreateDirectory(folder);
        return SendAsync("screenshot", new JsonObject { ["file"] = Path.Combine(folder, $"{name}.png") });
    }

    /// <summary>What the console said, and what was asked for elsewhere.</summary>
    public async Task<string[]> TroublesAsync() => (await SendAsync("troubles", [])).Deserialize<string[]>()!;

    /// <summary>What axe has against it.</summary>
    public async Task<string[]> BarriersAsync() => (await SendAsync("axe", [])).Deserialize<string[]>()!;

    private async Task<JsonElement> SendAsync(string command, JsonObject options)
    {
        options["command"] = command;
        await Process.StandardInput.WriteLineAsync(options.ToJsonString());
        string line = await Process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The browser ended: {Errors}");
        JsonElement answer = JsonDocument.Parse(line).RootElement;
        return answer.TryGetProperty("error", out JsonElement error) ? throw new TimeoutException(error.GetString())
            : answer.GetProperty("value");
    }
}
