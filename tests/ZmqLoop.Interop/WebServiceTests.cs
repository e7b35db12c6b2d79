using System.Net;

namespace ZmqLoop.Interop;

public sealed class WebServiceTests
{
    [Fact]
    public async Task An_endpoint_awaits_its_answer_over_a_request_client_and_says_what_went_wrong_where_there_is_none()
    {
        using ExampleProcess server = ExampleProcess.Start("RequestServer", ["tcp://127.0.0.1:*"]);
        string endpoint = await server.ReadToAsync("serving on ");
        using ExampleProcess service = ExampleProcess.Start("WebService",
            ["--urls", "http://127.0.0.1:0", "--Roots:Connect", endpoint, "--Roots:Timeout", "00:00:20", "--Roots:RequiredPeers", "1"]);
        using HttpClient client = new() { BaseAddress = await AddressAsync(service) };
        string[] answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(number =>
            client.GetStringAsync($"/roots/{number * number}", TestContext.Current.CancellationToken)));
        Assert.Equal(Enumerable.Range(1, 20).Select(static number => $"{number}"), answers);
        Assert.Equal("Healthy", await client.GetStringAsync("/live", TestContext.Current.CancellationToken));
        Assert.Equal("Healthy", await client.GetStringAsync("/ready", TestContext.Current.CancellationToken));
        Assert.Contains("\"roots\"", await client.GetStringAsync("/zmqloop/data", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await server.InterruptAsync();
        await server.EndAsync();
        Deadline.WaitUntil(() => StatusOf(client, "/ready") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, StatusOf(client, "/live"));
        await service.InterruptAsync();
        (int exitCode, string output) = await service.EndAsync();
        Assert.True(exitCode == 0, service.Errors);
        Assert.Contains("Request client 'roots' has finished", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_whose_request_nobody_answers_in_time_says_so()
    {
        using ExampleProcess service = ExampleProcess.Start("WebService",
            ["--urls", "http://127.0.0.1:0", "--Roots:Connect", "tcp://127.0.0.1:1", "--Roots:Timeout", "00:00:00.2"]);
        using HttpClient client = new() { BaseAddress = await AddressAsync(service) };
        Assert.Equal(HttpStatusCode.GatewayTimeout, StatusOf(client, "/roots/16"));
        await service.InterruptAsync();
        (int exitCode, _) = await service.EndAsync();
        Assert.True(exitCode == 0, service.Errors);
    }

    [Fact]
    public async Task A_wrong_setting_ends_the_start_with_its_key()
    {
        using ExampleProcess service = ExampleProcess.Start("WebService",
            ["--urls", "http://127.0.0.1:0", "--Roots:Connect", "tcp://127.0.0.1:1", "--Roots:Timeout", "2"]);
        (int exitCode, string output) = await service.EndAsync();
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Roots:Timeout is '2': a time is wanted as hours:minutes:seconds", output + service.Errors,
            StringComparison.Ordinal);
    }

    private static async Task<Uri> AddressAsync(ExampleProcess service) => new(await service.ReadToAsync("      Now listening on: "));

    private static HttpStatusCode StatusOf(HttpClient client, string path)
    {
        using HttpResponseMessage response = client.GetAsync(path, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return response.StatusCode;
    }
}
