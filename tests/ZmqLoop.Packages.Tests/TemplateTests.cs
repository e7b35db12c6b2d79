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

        string tests = Path.Combine("tests", Name + ".Tests");
        Stranger.SkipWithoutRegistry(await Command.DotnetAsync(service, "build", tests, "-warnaserror", "--nologo", "--tl:off"));
        string tested = await Command.MustAsync(Command.DotnetAsync(service, "test", tests, "--no-build", "--nologo", "--tl:off"));
        Assert.Contains("Failed:     0, Passed:     5", tested, StringComparison.Ordinal);
        await RunAsync(await ContainerFile.BuildAsync(
            File.ReadAllText(Path.Combine(service, "Dockerfile")), service, Path.Combine(folder, "image")));
    }

    private static async Task RunAsync(ContainerFile image)
    {
        Assert.Equal(["Sockets__roots__Bind", "Urls"], image.Environment.Keys.Order()); // where it listens in a container; here
        image.Environment["Urls"] = "http://127.0.0.1:0";
        image.Environment["Sockets__roots__Bind"] = "tcp://127.0.0.1:*";
        using ExampleProcess service = image.Start();
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
