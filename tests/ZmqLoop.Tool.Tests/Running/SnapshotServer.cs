using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ZmqLoop.Tool.Tests.Running;

/// <summary>A live page whose data the test makes: docs/dashboard.md promises its form.</summary>
internal sealed class SnapshotServer : IDisposable
{
    private HttpListener? _listener;

    public SnapshotServer()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        free.Stop();
        Start();
    }

    public string Address { get; }

    /// <summary>What is answered from now on. Any thread.</summary>
    public string Text { get; set; } = "";

    /// <summary>With this status.</summary>
    public int Status { get; init; } = 200;

    public void Start()
    {
        HttpListener listener = _listener = new HttpListener();
        listener.Prefixes.Add(Address);
        listener.Start();
        _ = ServeAsync(listener);
    }

    public void Stop() => _listener?.Close();

    public void Dispose() => Stop();

    private async Task ServeAsync(HttpListener listener)
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                context.Response.StatusCode = Status;
                context.Response.Close(Encoding.UTF8.GetBytes(Text), willBlock: false);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }
}
