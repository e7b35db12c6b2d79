using System.Net;
using System.Net.Sockets;
using System.Text;
using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary><c>zmqloop top</c> before a page whose data the test makes: docs/dashboard.md promises its form.</summary>
public sealed class TopTests : IDisposable
{
    private const string Snapshot = """
        {"version":1,"process":{"id":7,"name":"shop","machine":"m","uptimeSeconds":60,"memoryBytes":1000000},
        "findings":[{"severity":"critical","title":"A handler of 'orders' is stuck.","action":"See what it waits for."}],
        "totals":{"receivedPerSecond":1234.4,"sentPerSecond":null,"queued":3,"handlers":1,"dropped":0},
        "loops":[{"title":"main","turnsPerSecond":10,"lagSeconds":0.5,"busy":0.25,"callbacks":1,"timers":2,
        "current":{"callback":"Shop.Work","seconds":2}}],
        "streams":[{"title":"orders\u001b[31m","type":"ROUTER","queued":3,"handlers":1,"oldestHandlerSeconds":12,"dropped":{"total":0}}],
        "peers":[],"peerCount":0,"unheardOf":true}
        """;

    private readonly HttpListener _listener = new();
    private readonly string _address;

    public TopTests()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        _address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        free.Stop();
        _listener.Prefixes.Add(_address);
        _listener.Start();
    }

    public void Dispose() => _listener.Close();

    [Fact]
    public async Task It_shows_what_is_wrong_first_and_names_that_do_nothing()
    {
        Task serving = ServeAsync(Snapshot, 200);
        string shown = (await ToolProcess.RunAsync(["top", _address, "--once"])).With(0).Output;
        await serving;
        Assert.True(shown.IndexOf("is stuck", StringComparison.Ordinal) < shown.IndexOf("main", StringComparison.Ordinal), shown);
        foreach (string expected in (string[])["shop", "1,234 received/s", "ROUTER", "12 s", "25%"])
            Assert.Contains(expected, shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', shown);
    }

    [Theory]
    [InlineData("{\"version\":2}", 200, "version 2")]
    [InlineData("soup", 200, "no snapshot")]
    [InlineData("use a tunnel", 403, "answered 403: use a tunnel")]
    public async Task What_is_no_snapshot_is_said_in_one_line(string answer, int status, string expected)
    {
        Task serving = ServeAsync(answer, status);
        Ending ending = (await ToolProcess.RunAsync(["top", _address, "--once"])).With(1);
        Assert.Contains(expected, ending.OneLine(), StringComparison.Ordinal);
        _listener.Stop();
        await serving;
    }

    [Fact]
    public async Task Where_nobody_serves_it_says_so()
    {
        _listener.Stop();
        Assert.Contains("does not answer", (await ToolProcess.RunAsync(["top", _address])).With(1).OneLine(), StringComparison.Ordinal);
    }

    // Two looks.
    private async Task ServeAsync(string text, int status)
    {
        try
        {
            for (int i = 0; i < 2; i++)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                context.Response.StatusCode = status;
                context.Response.Close(Encoding.UTF8.GetBytes(text), willBlock: false);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It asked once: the first answer was enough.
        }
    }
}
