using System.Diagnostics;

namespace ZmqLoop.Interop.Peers;

// kill -9, on either side.
public abstract partial class PeerContract
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_kill_9_of_the_peer_the_next_one_is_talked_to(bool weBind)
    {
        await using OurSide we = new(Ours);
        OurStream stream = await we.OpenAsync(SocketType.Dealer);
        string endpoint;
        Peer first = Peer.Start(kind);
        try
        {
            PeerSocket socket = await first.OpenAsync(SocketType.Dealer);
            endpoint = await JoinAsync(stream, socket, weBind);
            await EchoOnceAsync(stream, socket, "1");
            Task<SocketEvent> gone = await stream.WatchAsync(ZMQSocketEvents.Disconnected);
            first.Kill();
            await gone;
        }
        finally
        {
            first.Dispose();
        }

        using Peer second = Peer.Start(kind);
        PeerSocket next = await second.OpenAsync(SocketType.Dealer);
        if (weBind) await next.ConnectAsync(endpoint);
        else await next.BindAsync(endpoint);
        await next.SendAsync([.. "I am new"u8]);
        Assert.Equal("I am new", (await stream.ReceiveAsync())[0].ToText());
        await EchoOnceAsync(stream, next, "2");
        Assert.False(we.Errors.Reader.TryRead(out Exception? error), $"{error}");
    }

    [Fact]
    public async Task After_kill_9_of_ours_the_peer_finds_the_next_one_by_itself()
    {
        using Peer peer = Peer.Start(kind);
        PeerSocket socket = await peer.OpenAsync(SocketType.Dealer);
        string endpoint;
        using (ExampleProcess first = Service.Start("tcp://127.0.0.1:*"))
        {
            endpoint = await first.ReadToAsync("serving on ");
            await socket.ConnectAsync(endpoint);
            Assert.Equal(Service.First.Answer, await AskServiceAsync(socket, Service.First.Question));
            first.Kill();
        }

        using ExampleProcess second = Service.Start(endpoint);
        await second.ReadToAsync("serving on ");
        Assert.Equal(Service.Second.Answer, await AskServiceAsync(socket, Service.Second.Question));
    }

    [Fact]
    public async Task After_kill_9_of_our_client_a_peer_that_is_the_server_talks_to_the_next_one()
    {
        using Peer peer = Peer.Start(kind);
        PeerSocket server = await peer.OpenAsync(SocketType.Router);
        string endpoint = await server.BindAsync();
        for (int i = 0; i < 2; i++)
        {
            using Process client = OurClient.Start(endpoint, Service.Environment);
            try
            {
                string[] hello = await server.ReceiveAsync();
                Assert.Equal(PeerSocket.Describe("hello"u8), hello[1]);
                await server.SendAsync(Convert.FromHexString(hello[0]), [(byte)i]);
                Assert.Equal([hello[0], PeerSocket.Describe([(byte)i])], await server.ReceiveAsync());
            }
            finally
            {
                client.Kill(entireProcessTree: true); // kill -9
            }
        }
    }

    /// <summary>Asks until an answer comes: the first question may still go to a connection that has died.</summary>
    private static async Task<string> AskServiceAsync(PeerSocket socket, string question)
    {
        string[] answer;
        do
        {
            await socket.SendAsync([.. System.Text.Encoding.UTF8.GetBytes(question)]);
            answer = await socket.ReceiveAsync(milliseconds: 1000);
        }
        while (answer.Length == 0);
        return System.Text.Encoding.UTF8.GetString(Convert.FromHexString(answer[^1]));
    }
}
