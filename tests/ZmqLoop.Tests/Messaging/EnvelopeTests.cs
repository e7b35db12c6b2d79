namespace ZmqLoop.Tests.Messaging;

/// <summary>Where an envelope ends is what was agreed, whatever frames there are.</summary>
public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("RoutingId", "id|pay|alice|memo|100", "id", "pay|alice|memo|100", "id|!")]
    [InlineData("RoutingId", "id|pay|alice||100", "id", "pay|alice||100", "id|!")]
    [InlineData("RoutingId", "id|", "id", "", "id|!")]
    [InlineData("RoutingId", "id||", "id", "|", "id|!")]
    [InlineData("RoutingId", "id", "id", null, "id|!")]
    [InlineData("RoutingId", "id|<M>||header", "id", "<M>||header", "id|!")]
    [InlineData("Delimiter", "id||pay|alice", "id|", "pay|alice", "id||!")]
    [InlineData("Delimiter", "id||pay||100", "id|", "pay||100", "id||!")]
    [InlineData("Delimiter", "id|proxy||pay", "id|proxy|", "pay", "id|proxy||!")]
    [InlineData("Delimiter", "id|", "id|", null, "id||!")]
    [InlineData("Delimiter", "id||", "id|", "", "id||!")]
    [InlineData("Delimiter", "id|pay|alice", "id", null, "id||!")] // the peer does not speak what was agreed
    [InlineData("Delimiter", "id", "id", null, "id||!")]
    [InlineData("Delimiter", "|pay", "", null, "||!")] // the first frame is never the delimiter
    [InlineData("Marker", "id|<M>||header", "id|<M>", "|header", "id|<M>|!")]
    [InlineData("Marker", "id||<M>|header|<M>", "id||<M>", "header|<M>", "id||<M>|!")]
    [InlineData("Marker", "id||header", "id", null, "id|<M>|!")]
    [InlineData("Marker", "<M>|header", "<M>", null, "<M>|<M>|!")]
    public void The_envelope_ends_where_the_format_says(string name, string frames, string envelope, string? body, string reply)
    {
        EnvelopeFormat format = name switch
        {
            "RoutingId" => EnvelopeFormat.RoutingId,
            "Delimiter" => EnvelopeFormat.Delimiter,
            _ => EnvelopeFormat.Marker("<M>"),
        };
        Message message = new([.. frames.Split('|').Select(static part => (Frame)part)]) { EnvelopeFormat = format };
        Assert.Equal(envelope, Text(message.Envelope));
        Assert.Equal(body, message.Body.IsEmpty ? null : Text(message.Body));
        Assert.Equal(reply, Text(message.Reply("!").Frames));
    }

    [Fact]
    public void A_message_speaks_of_the_routing_id_alone_until_somebody_says_something_else()
    {
        Message message = new("id", "a", "", "b");
        Assert.Same(EnvelopeFormat.RoutingId, message.EnvelopeFormat);
        Assert.Equal("a||b", Text(message.Body));
        message.EnvelopeFormat = EnvelopeFormat.Delimiter;
        Assert.Equal("b", Text(message.Body));
        Assert.Throws<ArgumentNullException>(() => message.EnvelopeFormat = null!);
        Assert.Equal("Marker <M>", EnvelopeFormat.Marker("<M>").ToString());
        Assert.Throws<InvalidOperationException>(() => new Message { EnvelopeFormat = EnvelopeFormat.Delimiter }.Reply("x"));
        Assert.True(new Message { EnvelopeFormat = EnvelopeFormat.Delimiter }.Body.IsEmpty);
        Assert.True(new Message().Envelope.IsEmpty);
    }

    [Fact]
    public void Copies_and_replies_name_the_request_of_a_REP_until_they_are_cleared_and_there_is_no_envelope()
    {
        Message request = new("a", "b");
        request.RequestNumber = 7;
        Message copy = new();
        copy.CopyFrom(request);
        Message reply = copy.Reply("c");
        Assert.Equal((7, 7), (copy.RequestNumber, reply.RequestNumber));
        Assert.Equal(("c", "a|b", 0), (Text(reply.Frames), Text(request.Body), request.Envelope.Length));
        request.EnvelopeFormat = EnvelopeFormat.RoutingId; // what was said counts
        Assert.Equal("a|c", Text(request.Reply("c").Frames));
        copy.CopyFrom(new Message("other"));
        reply.Clear();
        Assert.Equal((0, 0), (copy.RequestNumber, reply.RequestNumber));
    }

    [Fact]
    public void A_copy_has_the_envelope_that_was_said_of_the_message()
    {
        Message request = new("a", "", "b") { EnvelopeFormat = EnvelopeFormat.Delimiter };
        Message copy = new();
        copy.CopyFrom(request);
        Assert.Equal(("b", "a||c"), (Text(copy.Body), Text(copy.Reply("c").Frames)));
        copy.CopyFrom(new Message("a", "b"));
        Assert.Equal("b", Text(copy.Body));
    }

    private static string Text(ReadOnlySpan<Frame> frames) => string.Join('|', frames.ToArray().Select(static frame => frame.ToText()));

    [Fact]
    public void A_message_of_many_frames_is_cut_in_logs()
    {
        Message message = new();
        for (int i = 0; i < 1000; i++) message.Append($"{i}");
        Assert.EndsWith(", 15, … (1000 frames)]", message.ToString(), StringComparison.Ordinal);
    }
}
