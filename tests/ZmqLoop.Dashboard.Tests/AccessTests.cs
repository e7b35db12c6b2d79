using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ZmqLoop.Dashboard.Tests;

/// <summary>Who may look, and how.</summary>
public sealed class AccessTests
{
    public static TheoryData<string> Routes { get; } =
        ["/zmqloop", "/zmqloop/", "/zmqloop/page.css", "/zmqloop/page.js", "/zmqloop/text.js", "/zmqloop/icon.svg", "/zmqloop/data"];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task This_machine_may_look_with_headers_that_let_the_page_reach_nobody_else(string route)
    {
        await using DashboardSite site = await DashboardSite.StartAsync();
        HttpResponseMessage response = await site.GetAsync(route);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData(DashboardSite.From, "192.0.2.7", "192.0.2.7")]
    [InlineData(DashboardSite.From, "2001:db8::7", "2001:db8::7")]
    [InlineData(DashboardSite.From, "nobody", "where the request comes from")]
    [InlineData("Host", "evil.example", "another name than localhost")]
    [InlineData("Host", "127.0.0.1.evil.example", "another name than localhost")]
    [InlineData("X-Forwarded-For", "192.0.2.7", "X-Forwarded-For")]
    [InlineData("X-Forwarded-For", "127.0.0.1, 192.0.2.7", "X-Forwarded-For")]
    [InlineData("X-Forwarded-Host", "service.example", "X-Forwarded-Host")]
    [InlineData("X-Real-IP", "192.0.2.7", "X-Real-IP")]
    [InlineData("Forwarded", "for=127.0.0.1", "Forwarded")]
    [InlineData("Via", "1.1 gateway", "Via")]
    [InlineData("Origin", "https://evil.example", "another site")]
    [InlineData("Origin", "http://localhost.evil.example", "another site")]
    [InlineData("Origin", "null", "another site")]
    public async Task Others_are_refused_without_a_policy_and_told_what_to_do(string header, string value, string reason)
    {
        await using DashboardSite site = await DashboardSite.StartAsync();
        foreach (string route in Routes.Select(static row => row.Data).Append("/zmqloop/events"))
        {
            HttpResponseMessage response = await site.GetAsync(route, (header, value));
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains(reason, text, StringComparison.Ordinal);
            Assert.Contains("RequireAuthorization", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(DashboardSite.From, "::ffff:127.0.0.1")]
    [InlineData(DashboardSite.From, "::1")]
    [InlineData("Host", "localhost:5080")]
    [InlineData("Host", "[::1]:5080")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Origin", "http://[::1]:5080")]
    public async Task This_machine_has_several_names(string header, string value)
    {
        await using DashboardSite site = await DashboardSite.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/zmqloop/data", (header, value))).StatusCode);
    }

    [Fact]
    public async Task A_proxy_that_does_not_say_for_whom_it_asks_is_refused_where_it_speaks_as_proxies_do()
    {
        await using DashboardSite site = await DashboardSite.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/zmqloop/data") { Version = HttpVersion.Version10 }; // nginx's, by itself
        HttpResponseMessage response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("HTTP/1.0", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_of_the_applications_answers_nobody_in_the_place_of_the_guard()
    {
        await using DashboardSite site = await DashboardSite.StartAsync(
            services: static services => services.AddOutputCache(static cache => cache.AddBasePolicy(static policy => policy.Cache())),
            use: static app => app.UseOutputCache());
        foreach (string route in Routes.Select(static row => row.Data))
        {
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync(route)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await site.GetAsync(route, (DashboardSite.From, "192.0.2.7"))).StatusCode);
        }
    }

    [Fact]
    public async Task With_a_policy_it_is_the_policy_that_says_who_may_look()
    {
        await using DashboardSite site = await DashboardSite.StartAsync(
            static endpoints => endpoints.RequireAuthorization(), AddAuthentication);
        foreach (string route in Routes.Select(static row => row.Data).Append("/zmqloop/events"))
            Assert.Equal(HttpStatusCode.Unauthorized, (await site.GetAsync(route)).StatusCode); // nor this machine by itself
        HttpResponseMessage response = await site.GetAsync("/zmqloop/data", (DashboardSite.From, "192.0.2.7"), ("Host", "ops.example"),
            ("Authorization", "operator"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_policy_that_is_lifted_again_is_none()
    {
        await using DashboardSite site = await DashboardSite.StartAsync(
            static endpoints => endpoints.RequireAuthorization().AllowAnonymous(), AddAuthentication);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("/zmqloop/data")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.GetAsync("/zmqloop/data", (DashboardSite.From, "192.0.2.7"))).StatusCode);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Nothing_can_be_changed(string method)
    {
        await using DashboardSite site = await DashboardSite.StartAsync();
        foreach (string route in Routes.Select(static row => row.Data).Append("/zmqloop/events"))
        {
            using HttpRequestMessage request = new(new HttpMethod(method), route);
            HttpResponseMessage response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("/zmqloop", "./zmqloop/page.js")]
    [InlineData("/zmqloop/", "./page.js")]
    [InlineData("/behind/a/proxy/zmqloop", "./zmqloop/page.js")]
    public async Task The_page_finds_its_files_wherever_it_is(string path, string script)
    {
        await using DashboardSite site = await DashboardSite.StartAsync(pathBase: "/behind/a/proxy");
        string page = await (await site.GetAsync(path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"\"{script}\"", page, StringComparison.Ordinal);
        Uri file = new(new Uri($"{site.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}{path}"), script);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync(file.PathAndQuery)).StatusCode);
    }

    [Fact]
    public async Task A_process_without_a_web_server_serves_it_on_loopback_in_one_line()
    {
        Uri address;
        using HttpClient client = new();
        DashboardServer server = await DashboardServer.StartAsync(port: 0);
        await using (server)
        {
            address = server.Address;
            Assert.True(address.IsLoopback);
            string page = await client.GetStringAsync(address, TestContext.Current.CancellationToken);
            Assert.Contains("<title>", page, StringComparison.Ordinal);
            Assert.StartsWith("{", await client.GetStringAsync(new Uri(address, "data"), TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<IOException>(() => DashboardServer.StartAsync(address.Port));
        }

        Assert.Equal(address, server.Address);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => DashboardServer.StartAsync(65536));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => DashboardServer.StartAsync(-1));
    }

    private static void AddAuthentication(IServiceCollection services) =>
        services.AddAuthorization().AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderIsName>("test", null);

    /// <summary>Whoever says a name has it.</summary>
    private sealed class HeaderIsName(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization.Count == 0
                ? AuthenticateResult.NoResult()
                : AuthenticateResult.Success(new AuthenticationTicket(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, $"{Request.Headers.Authorization}")], "test")),
                    "test")));
    }
}
