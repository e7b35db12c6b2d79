using System.Diagnostics;
using ZmqLoop.Streams.Tests.Requests;

namespace ZmqLoop.Streams.Tests;

/// <summary>The table of docs/tracing.md: which attributes an activity of which kind can have, but for those of callbacks, which
/// have an error's kind alone.</summary>
[Collection(nameof(MeterTests))]
public sealed class TraceAttributeTests : IDisposable
{
    private readonly Tracing _tracing = new();

    public void Dispose() => _tracing.Dispose();

    [Theory]
    [InlineData("`send`")]
    [InlineData("`process <stream>`")]
    [InlineData("`receive`")]
    [InlineData("`request`")]
    [InlineData("`process <request>`")]
    public void Activities_have_the_attributes_of_the_page(string kind)
    {
        if (kind.Contains("request", StringComparison.Ordinal)) Ask();
        else Send(asks: kind == "`receive`");
        string operation = kind.Trim('`').Split(' ', '`')[0];
        Activity[] found = [.. _tracing.Ended.Where(activity => activity.OperationName.StartsWith(operation, StringComparison.Ordinal))];
        Assert.NotEmpty(found);
        Assert.Equal(OnThePage(kind).Order(StringComparer.Ordinal), found.SelectMany(static activity => activity.TagObjects)
            .Select(static tag => tag.Key).Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> OnThePage(string kind)
    {
        string[][] rows = [.. File.ReadLines(Path.Combine(Checkout.Root, "docs", "tracing.md"))
            .SkipWhile(static line => !line.StartsWith("| Attribute |", StringComparison.Ordinal))
            .TakeWhile(static line => line.StartsWith('|')).Select(static line => line.Split(" |"))];
        int column = Array.FindIndex(rows[0], cell => cell.Trim() == kind);
        return rows[2..].Where(row => row[column].Trim() == "yes").SelectMany(static row => row[0].Split(':')[0].Split('`'))
            .Where(static word => word.Contains('.', StringComparison.Ordinal) && word != "network.peer.address"); // of libzmq's alone
    }

    private void Send(bool asks)
    {
        using TwoStreams pair = new(SocketType.Push, SocketType.Pull, new ZMQStreamOptions { Name = _tracing.Name },
            "tcp://127.0.0.1:5599");
        pair.Sender.Send("1");
        Task<Message>? asked = asks ? pair.Receiver.ReceiveAsync().AsTask() : null;
        if (!asks) pair.Receiver.OnRecv(static _ => throw StreamWorld.Oops);
        pair.Loop.RunUntilIdle();
        asked?.Result.Dispose();
        pair.Sender.Close();
        using StreamWorld full = new(new ZMQStreamOptions { Name = _tracing.Name, SendQueueLimit = 1 });
        full.Socket.Room = 0;
        full.Stream.Send("1");
        Assert.Throws<MessageNotSentException>(() => full.Stream.Send("2"));
    }

    private void Ask()
    {
        using ResponderWorld server = new(new ResponderOptions { Name = _tracing.Name });
        server.Responder.OnRequest(static Message (ReceivedRequest _) => throw StreamWorld.Oops);
        byte[] correlation = [.. "ZLR1?00000007"u8, 0, 0, 1, 0];
        server.Socket.Arrive(new Message("client", correlation, "", "1"));
        server.Run();
        using RequestWorld client = new(new RequestClientOptions { Name = _tracing.Name });
        Task<Message> answer = client.Ask("?");
        client.Run();
        Assert.True(answer.IsFaulted);
    }
}
