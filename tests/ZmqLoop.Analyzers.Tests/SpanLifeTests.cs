namespace ZmqLoop.Analyzers.Tests;

public sealed class SpanLifeTests
{
    [Theory]
    [InlineData("Message kept = message.Keep(); ReadOnlySpan<byte> bytes = kept[0].Span; [|kept.Dispose()|]; Use(bytes);")]
    [InlineData("message.Keep(); var bytes = message.Body[0].Span[1..]; [|message.Dispose()|]; Use(bytes);")]
    [InlineData("message.Keep(); Frame frame = message[0]; ReadOnlySpan<byte> bytes = frame.Span; [|message.Dispose()|]; Use(bytes);")]
    [InlineData("socket.TryReceive(message); var bytes = message[0].Span; var part = bytes.Slice(1); [|message.Dispose()|]; Use(part);")]
    [InlineData("message.Keep(); var bytes = message[0].Span; try { Use(bytes); } finally { [|message.Dispose()|]; } Use(bytes);")]
    [InlineData("message.Keep(); var bytes = message[0].Span; if (bytes.IsEmpty) { [|message.Dispose()|]; } Use(bytes);")]
    public Task A_span_that_is_used_after_its_kept_message_was_disposed_of_is_reported_where_that_was(string statements) =>
        Analysis.ReportsAsync<SpanLifeAnalyzer>(InMethod(statements));

    [Theory]
    [InlineData("Message kept = message.Keep(); ReadOnlySpan<byte> bytes = kept[0].Span; Use(bytes); kept.Dispose();")]
    [InlineData("Message kept = message.Keep(); ReadOnlySpan<byte> bytes = kept[0].ToArray(); kept.Dispose(); Use(bytes);")]
    [InlineData("ReadOnlySpan<byte> bytes = message[0].Span; message.Dispose(); Use(bytes);")] // copied when received: nothing to give back
    [InlineData("message.Keep(); var bytes = message[0].Span; if (bytes.IsEmpty) { message.Dispose(); return; } Use(bytes);")]
    [InlineData("message.Keep(); var bytes = message[0].Span; message.Dispose(); bytes = default; Use(bytes);")]
    [InlineData("message.Keep(); other.Keep(); var bytes = other[0].Span; message.Dispose(); Use(bytes);")]
    [InlineData("message.Keep(); int length = message[0].Span.Length; message.Dispose(); Console.WriteLine(length);")]
    public Task Copies_other_messages_and_what_the_program_does_not_reach_are_not(string statements) =>
        Analysis.ReportsAsync<SpanLifeAnalyzer>(InMethod(statements));

    private static string InMethod(string statements) => $$"""
            void Run(Message message, Message other, ZMQSocket socket)
            {
                {{statements}}
            }
            static void Use(ReadOnlySpan<byte> bytes) { }
        """;
}
