namespace ZmqLoop.Tests.Messaging;

public sealed class MessagePartsTests
{
    [Theory]
    [InlineData("a,b,,c,,d", "", "a,b", "c,,d", true)]
    [InlineData(",c", "", "", "c", true)]
    [InlineData("a,", "", "a", "", true)]
    [InlineData("a,b", "", "a,b", "", false)]
    [InlineData("a,<IDS|MSG>,b", "<IDS|MSG>", "a", "b", true)]
    public void A_message_is_split_at_the_first_frame_that_equals_the_delimiter(
        string frames, string delimiter, string before, string after, bool found)
    {
        Message message = new([.. frames.Split(',').Select(static text => (Frame)text)]);
        MessageParts parts = message.Split(delimiter);
        (ReadOnlySpan<Frame> head, ReadOnlySpan<Frame> body) = parts;
        Assert.Equal((before, after, found), (Text(head), Text(body), parts.Found));
    }

    [Fact]
    public void A_reply_from_an_index_gives_so_many_frames_back()
    {
        Message message = new("router", "proxy", "question", "more");
        Assert.Equal("router,proxy,answer", Text(message.ReplyFrom(2, "answer").Frames));
        Assert.Equal("router,proxy,question,more", Text(message.ReplyFrom(4).Frames));
        Assert.Throws<ArgumentOutOfRangeException>(() => message.ReplyFrom(0, "answer"));
        Assert.Throws<ArgumentOutOfRangeException>(() => message.ReplyFrom(5, "answer"));
    }

    private static string Text(ReadOnlySpan<Frame> frames) => string.Join(',', frames.ToArray().Select(static frame => frame.ToText()));
}
