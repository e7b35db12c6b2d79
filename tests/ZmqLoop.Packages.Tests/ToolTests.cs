namespace ZmqLoop.Packages;

/// <summary>The packed tool, installed as somebody installs it.</summary>
public sealed class ToolTests(PackedPackages packages)
{
    [Fact]
    public async Task It_is_installed_from_its_package_and_makes_keys_on_either_engine()
    {
        string folder = Stranger.MakeFolder(packages, "tool");
        Stranger.SkipWithoutRegistry(await Command.DotnetAsync(folder, "tool", "install", "ZmqLoop.Tool", "--tool-path", "tools"));
        string tool = Path.Combine(folder, "tools", OperatingSystem.IsWindows() ? "zmqloop.exe" : "zmqloop");
        Assert.Contains("  zmqloop [command]", await Command.MustAsync(Command.RunAsync(folder, tool, "--help")), StringComparison.Ordinal);
        foreach (string engine in (string[])["netmq", "libzmq"])
            await Command.MustAsync(Command.RunAsync(folder, tool, "keygen", engine, "--engine", engine));
        Assert.True(File.Exists(Path.Combine(folder, "netmq.key_secret")) && File.Exists(Path.Combine(folder, "libzmq.key_secret")));
    }
}
