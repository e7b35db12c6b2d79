namespace ZmqLoop.Analyzers.Tests;

public sealed class BorrowedMessageTests
{
    [Theory]
    [InlineData("stream.OnRecv(message => _last = [|message|], copy: false);")]
    [InlineData("stream.OnRecv(message => { Frame frame = message[0]; _frame = [|frame|]; }, copy: false);")]
    [InlineData("stream.OnRecv(message => _frame = [|message|].Body[0], copy: false);")]
    [InlineData("Message last; stream.OnRecv(message => { last = [|message|]; }, copy: false);")]
    [InlineData("stream.OnRecv(message => _all.Add([|message|]), copy: false);")]
    [InlineData("stream.OnRecv(message => _byName[\"x\"] = [|message|], copy: false);")]
    [InlineData("stream.OnRecv(message => _channel.Writer.TryWrite([|message|]), false);")]
    [InlineData("stream.OnRecv(message => { foreach (Frame frame in message) _frames.Enqueue([|frame|]); }, copy: false);")]
    [InlineData("stream.OnRecv(message => { _jobs.Push(new Job([|message|])); }, copy: false);")]
    [InlineData("stream.OnRecvStream((own, message) => loop.CallLater(1, () => own.Send([|message|])), copy: false);")]
    [InlineData("stream.OnRecv(message => { loop.AddCallback(m => stream.Send(m), [|message|]); }, copy: false);")]
    [InlineData("stream.OnRecv(message => { Task.Run(() => [|message|].ToString()); }, copy: false);")]
    [InlineData("stream.OnRecv(message => { _ = WorkAsync([|message|]); }, copy: false);")]
    [InlineData("stream.OnRecv(async message => { await Task.Yield(); _last = [|message|]; }, copy: false);")]
    [InlineData("stream.OnRecv((Action<Message>)(async message => { await Task.Yield(); stream.Send([|message|]); }), copy: false);")]
    [InlineData("stream.OnRecv(message => { _later = () => stream.Send([|message|]); }, copy: false);")]
    public Task A_borrowed_message_or_frame_that_leaves_its_callback_is_reported(string statements) =>
        Analysis.ReportsAsync<BorrowedMessageAnalyzer>(InMethod(statements));

    [Theory]
    [InlineData("stream.OnRecv(message => _last = message);")] // yours
    [InlineData("stream.OnRecv(message => _last = message, copy: true);")]
    [InlineData("stream.OnRecv(message => _last = message.Keep(), copy: false);")]
    [InlineData("stream.OnRecv(message => { message.Keep(); loop.AddCallback(() => stream.Send(message)); }, copy: false);")]
    [InlineData("stream.OnRecv(message => stream.Send(message.Reply(message[0])), copy: false);")]
    [InlineData("stream.OnRecv(message => _bytes = message[0].ToArray(), copy: false);")]
    [InlineData("stream.OnRecv(message => { var text = message[0].ToText(); loop.AddCallback(() => Console.Write(text)); }, copy: false);")]
    [InlineData("stream.OnRecv(message => { List<Frame> own = []; foreach (Frame f in message) own.Add(f); }, copy: false);")]
    [InlineData("stream.OnRecv(async message => { await Task.Yield(); stream.Send(message); }, copy: false);")] // until its task has ended
    [InlineData("stream.OnRecv(async message => await Task.Run(() => message.ToString()), copy: false);")]
    [InlineData("stream.OnRecv(async message => await WorkAsync(message), copy: false);")]
    [InlineData("stream.OnRecv(message => WorkAsync(message), copy: false);")]
    [InlineData("stream.OnRecv(message => { new StackContext(() => (IDisposable)null!).Run(() => stream.Send(message)); }, copy: false);")]
    [InlineData("stream.OnRecv(message => _all.Add(new Message(message[0])), copy: false);")] // copied
    [InlineData("stream.OnRecv(message => Console.WriteLine(message.Any(frame => frame.Length > message.Count)), copy: false);")]
    public Task What_is_kept_copied_or_used_inside_is_not(string statements) =>
        Analysis.ReportsAsync<BorrowedMessageAnalyzer>(InMethod(statements));

    [Theory]
    [InlineData("stream.OnRecv(message => _all.Add(message), copy: false);",
        "stream.OnRecv(message => _all.Add(message.Keep()), copy: false);", 0)]
    [InlineData("stream.OnRecv(message => _all.Add(message), copy: false);", "stream.OnRecv(message => _all.Add(message), copy: true);", 1)]
    [InlineData("stream.OnRecv(message => { loop.AddCallback(() => stream.Send(message)); }, copy: false);",
        "stream.OnRecv(message => { message.Keep(); loop.AddCallback(() => stream.Send(message)); }, copy: false);", 0)]
    [InlineData("stream.OnRecv(message => { Frame frame = message[0]; _frame = frame; }, copy: false);",
        "stream.OnRecv(message => { Frame frame = message[0]; _frame = frame; }, copy: true);", 0)]
    public Task It_is_kept_or_copied(string before, string after, int choice) =>
        Analysis.FixesAsync<BorrowedMessageAnalyzer, BorrowedMessageFix>(InMethod(before), InMethod(after), choice);

    private static string InMethod(string statements) => $$"""
            Message? _last;
            Frame _frame;
            byte[]? _bytes;
            Action? _later;
            readonly List<Message> _all = [];
            readonly Queue<Frame> _frames = [];
            readonly Stack<Job> _jobs = [];
            readonly Dictionary<string, Message> _byName = [];
            readonly Channel<Message> _channel = Channel.CreateUnbounded<Message>();
            void Run(IOLoop loop, ZMQStream stream)
            {
                {{statements}}
            }
            static Task WorkAsync(Message message) => Task.CompletedTask;
            sealed record Job(Message Message);
        """;
}
