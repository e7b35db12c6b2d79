using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ZmqLoop.Hosting;

/// <summary>From when on a blocked loop is told of, as a configuration says that changes while the loop runs.</summary>
public sealed class ThresholdTests
{
    private const string Key = "ZmqLoop:BlockingThreshold";

    [Fact]
    public async Task A_threshold_that_is_changed_in_the_configuration_counts_at_once()
    {
        IConfigurationRoot configuration = Configuration("Infinite");
        await using TestHost host = Host(configuration);
        await host.StartAsync();
        configuration[Key] = "00:00:00.05";
        configuration.Reload();
        await SaysAsync(host, "Information: Loop 'Shop': callbacks that block it for 0.05 s and more are told of from now on");
        IOLoop loop = host.Services.GetRequiredService<IOLoop>();
        await loop.InvokeAsync(() => Deadline.WaitUntil(() => host.Log.Any(static line =>
            line.StartsWith("Warning: Loop Shop has been blocked for ", StringComparison.Ordinal))));

        configuration[Key] = "-00:00:01";
        configuration.Reload();
        await SaysAsync(host, "Warning: Loop 'Shop': its BlockingThreshold is -00:00:01 now, which is not positive; the one before counts");
        configuration[Key] = "-00:00:00.001"; // infinite
        configuration.Reload();
        await SaysAsync(host, "Information: Loop 'Shop': callbacks that block it for no time and more are told of");
    }

    [Fact]
    public async Task One_that_is_wrong_at_the_start_ends_it()
    {
        await using TestHost host = Host(Configuration("-00:00:05"));
        ArgumentOutOfRangeException error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(host.StartAsync);
        Assert.Equal("BlockingThreshold", error.ParamName);
    }

    private static Task SaysAsync(TestHost host, string line) => Task.Run(() =>
        Deadline.WaitUntil(() => host.Log.Any(said => said.StartsWith(line, StringComparison.Ordinal))),
        TestContext.Current.CancellationToken);

    private static IConfigurationRoot Configuration(string threshold) => new ConfigurationBuilder()
        .AddInMemoryCollection([new(Key, threshold == "Infinite" ? "-00:00:00.001" : threshold)]).Build();

    private static TestHost Host(IConfiguration configuration) => new(builder =>
        builder.Services.Configure<HostedLoopOptions>(configuration.GetSection("ZmqLoop")));
}
