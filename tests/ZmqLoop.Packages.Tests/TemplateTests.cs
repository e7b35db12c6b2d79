namespace ZmqLoop.Packages;

/// <summary>A service that is made from the packed template.</summary>
public sealed class TemplateTests(PackedPackages packages)
{
    private const string Name = "my-shop"; // which is no name of a namespace

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_builds_without_a_warning_passes_its_tests_is_healthy_is_measured_and_stops()
    {
        string folder = Stranger.MakeFolder(packages, "template");
        string[] hive = ["--debug:custom-hive", Path.Combine(packages.Root, "hive")];
        string template = Directory.GetFiles(packages.Folder, "ZmqLoop.Templates.*.nupkg").Single();
        await Command.MustAsync(Command.DotnetAsync(folder, ["new", "install", template, .. hive]));
        await Command.MustAsync(Command.DotnetAsync(folder, ["new", "zmqloop-service", "--name", Name, .. hive]));
        string service = Path.Combine(folder, Name);
        Assert.Contains($"\"{Name}.dll\"", File.ReadAllText(Path.Combine(service, "Dockerfile")), StringComparison.Ordinal);

        string tests = Path.Combine("tests", Name + ".Tests");
        Stranger.SkipWithoutRegistry(await Command.DotnetAsync(service, "build", tests, "-warnaserror", "--nologo", "--tl:off"));
        string tested = await Command.MustAsync(Command.DotnetAsync(service, "test", tests, "--no-build", "--nologo", "--tl:off"));
        Assert.Contains("Failed:     0, Passed:     5", tested, StringComparison.Ordinal);
        await RunAsync(Path.Combine(service, "src", Name));
    }

    private static async Task RunAsync(string project)
    {
        string program = Path.Combine(project, "bin", "Debug", "net10.0", OperatingSystem.IsWindows() ? Name + ".exe" : Name);
        using ExampleProcess service = ExampleProcess.StartProgram(program, [], new Dictionary<string, string>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Service__Endpoint"] = "tcp://127.0.0.1:*",
        });
        using HttpClient http = new() { BaseAddress = new Uri(await service.ReadToAsync("      Now listening on: ")) };
        string health = "";
        for (int tries = 0; tries < 100 && health != "Healthy"; tries++) // the loop's thread may just be starting
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);
            health = await answer.Content.ReadAsStringAsync(Cancellation);
        }

        Assert.Equal("Healthy", health);
        string metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        Assert.Contains("zmqloop_", metrics, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        await service.InterruptAsync();
        Assert.True((await service.EndAsync()).ExitCode == 0, service.Errors);
    }
}
