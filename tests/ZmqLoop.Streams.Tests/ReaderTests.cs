using System.Threading.Channels;

namespace ZmqLoop.Streams.Tests;

public sealed class ReaderTests
{
    [Fact]
    public void The_reader_reads_ahead_up_to_its_limit_and_the_rest_waits_in_the_socket()
    {
        using StreamWorld world = new(new ZMQStreamOptions { ReadAhead = 4 });
        world.Socket.Arrive(MessageText.Numbers(10));
        world.Run();
        Assert.Equal(10, world.Socket.Waiting); // nobody has asked yet
        Assert.False(world.Stream.Reader.TryRead(out _));
        world.Run();
        Assert.Equal(4, world.Stream.Reader.Count);
        Assert.Equal(6, world.Socket.Waiting);
        Assert.True(world.Stream.Reader.TryPeek(out Message? first));
        Assert.Equal("0", first.Text());
    }

    [Fact]
    public async Task What_was_received_before_closing_can_be_read_after_it()
    {
        using StreamWorld world = new();
        ChannelReader<Message> reader = world.Stream.Reader;
        Assert.False(reader.TryRead(out _));
        world.Socket.Arrive("1", "2");
        world.Run();
        world.Stream.Close();
        Assert.False(reader.Completion.IsCompleted);
        Assert.Equal("1", (await reader.ReadAsync(TestContext.Current.CancellationToken)).Text());
        Assert.Equal("2", (await world.Stream.ReceiveAsync(TestContext.Current.CancellationToken)).Text());
        Assert.False(await reader.WaitToReadAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await reader.ReadAsync());
        await reader.Completion;
    }

    [Fact]
    public void ReceiveAsync_and_the_reader_share_one_line()
    {
        using StreamWorld world = new();
        Assert.False(world.Stream.Reader.TryRead(out _));
        Task<Message> receive = world.Stream.ReceiveAsync().AsTask();
        world.Socket.Arrive("1", "2", "3");
        world.Run();
        Assert.Equal("1", receive.Result.Text());
        Assert.True(world.Stream.Reader.TryRead(out Message? second));
        Assert.Equal("2", second.Text());
        Assert.Equal("3", world.Stream.ReceiveAsync().AsTask().Result.Text());
    }

    [Fact]
    public void With_a_reader_there_is_no_callback_any_more()
    {
        using StreamWorld world = new();
        Assert.False(world.Stream.Reader.TryRead(out _));
        Assert.Contains("Reader", Assert.Throws<InvalidOperationException>(world.LogReceived).Message, StringComparison.Ordinal);
        world.Socket.Arrive("1");
        world.Run();
        Assert.Empty(world.Log);
        Assert.Equal(1, world.Stream.Reader.Count);
    }

    [Fact]
    public void A_cancelled_wait_loses_no_message()
    {
        using StreamWorld world = new();
        using CancellationTokenSource cancel = new();
        Task<bool> wait = world.Stream.Reader.WaitToReadAsync(cancel.Token).AsTask();
        Task<bool> other = world.Stream.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        world.Loop.CallLater(1, cancel.Cancel);
        world.Loop.CallLater(2, () => world.Socket.Arrive("1"));
        world.Run();
        Assert.True(wait.IsCanceled);
        Assert.True(other.Result);
        Assert.True(world.Stream.Reader.TryRead(out _));
    }

    [Fact]
    public void A_slow_reader_costs_the_loop_a_call_for_half_a_buffer_and_not_for_each_message()
    {
        using StreamWorld world = new(new ZMQStreamOptions { ReadAhead = 100 });
        world.Socket.Arrive(MessageText.Numbers(1000));
        int read = 0;
        world.Loop.AddCallback(ReadOne);
        world.Run();
        Assert.Equal(1000, read);
        Assert.InRange(world.Socket.ReceiveAttempts, 1000, 1040);

        void ReadOne()
        {
            if (world.Stream.Reader.TryRead(out Message? message)) Assert.Equal($"{read++}", message.Text());
            if (read < 1000) world.Loop.CallLater(0.001, ReadOne);
        }
    }
}
