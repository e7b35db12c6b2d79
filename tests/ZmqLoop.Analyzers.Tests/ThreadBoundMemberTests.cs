using ZmqLoop.Tests.Affinity;

namespace ZmqLoop.Analyzers.Tests;

public sealed class ThreadBoundMemberTests
{
    [Theory]
    [InlineData("Task.Run(() => [|stream.Bind(\"inproc://x\")|]);")]
    [InlineData("Task.Run(async () => { await Task.Yield(); [|stream.OnRecv(message => { })|]; });")]
    [InlineData("new Thread(() => [|stream.Subscribe(\"\")|]).Start();")]
    [InlineData("Parallel.For(0, 3, n => [|stream.StopOnRecv()|]);")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => [|loop.CallLater(1, () => { })|]);")]
    [InlineData("Task.Factory.StartNew(() => [|stream.Flush()|]);")]
    [InlineData("loop.RunInExecutor(() => [|stream.Discard()|]);")]
    [InlineData("Task.Run(() => [|periodic.Stop()|]);")]
    [InlineData("Task.Run(() => [|stream.OnRecv<int>(value => { })|]);")]
    [InlineData("Task.Run(Local); void Local() => [|stream.Connect(\"inproc://x\")|];")]
    [InlineData("loop.AddCallback(() => Task.Run(() => [|stream.Connect(\"inproc://x\")|]));")]
    [InlineData("Task.Run(() => NullContext.Run(() => [|stream.Discard()|]));")]
    public Task What_belongs_to_the_loops_thread_is_reported_on_another(string statements) =>
        Analysis.ReportsAsync<ThreadBoundMemberAnalyzer>(InMethod(statements));

    [Theory]
    [InlineData("stream.Bind(\"inproc://x\"); loop.CallLater(1, () => { });")]
    [InlineData("Task.Run(async () => { await stream.SendAsync(new Message(\"x\")); stream.Close(); loop.Stop(); });")]
    [InlineData("Task.Run(() => loop.AddCallback(() => stream.Bind(\"inproc://x\")));")]
    [InlineData("Task.Run(() => loop.InvokeAsync(() => stream.Flush()));")]
    [InlineData("new Thread(() => { stream.Bind(\"inproc://x\"); loop.Start(); }).Start();")]
    [InlineData("Task.Run(async () => { await loop.SwitchTo(); stream.Bind(\"inproc://x\"); });")]
    [InlineData("Task.Run(() => { if (loop.CheckAccess()) stream.Flush(); });")]
    [InlineData("Task.Run(() => { using ZMQIOLoop own = new(); own.CallLater(1, () => { }); });")]
    [InlineData("Task.Factory.StartNew(() => stream.Flush(), default, default, loop.TaskScheduler);")]
    [InlineData("Action later = () => stream.Flush();")]
    [InlineData("Task.Run(() => loop.Dispose());")]
    public Task What_any_thread_may_do_and_what_is_done_on_the_loop_is_not(string statements) =>
        Analysis.ReportsAsync<ThreadBoundMemberAnalyzer>(InMethod(statements));

    [Theory]
    [InlineData("Task.Run(() => stream.Bind(\"inproc://x\"));",
        "Task.Run(() => stream.IOLoop.AddCallback(() => stream.Bind(\"inproc://x\")));")]
    [InlineData("new Thread(() => { loop.CallLater(1, () => { }); });",
        "new Thread(() => { loop.AddCallback(() => loop.CallLater(1, () => { })); });")]
    [InlineData("Task.Run(async () => { int port = stream.BindToRandomPort(\"tcp://*\"); await task; });",
        "Task.Run(async () => { int port = await stream.IOLoop.InvokeAsync(() => stream.BindToRandomPort(\"tcp://*\")); await task; });")]
    public Task The_loop_is_given_it(string before, string after) =>
        Analysis.FixesAsync<ThreadBoundMemberAnalyzer, ThreadBoundMemberFix>(InMethod(before), InMethod(after));

    [Theory]
    [InlineData("Task.Run(() => { int port = stream.BindToRandomPort(\"tcp://*\"); });")]
    [InlineData("Task.Run(() => periodic.Stop());")]
    public Task Where_the_loop_or_the_waiting_is_not_to_be_had_there_is_no_fix(string statements) =>
        Analysis.HasNoFixAsync<ThreadBoundMemberAnalyzer, ThreadBoundMemberFix>(InMethod(statements));

    [Fact]
    public void What_any_thread_may_call_is_read_as_the_loops_own_tests_read_it() => Assert.Equivalent(AnyThreadTable.Read(),
        MemberAffinity.ByType.ToDictionary(static row => row.Key, static row => row.Value.ToArray()), strict: true);

    private static string InMethod(string statements) => $$"""
            void Run(ZMQIOLoop loop, ZMQStream stream, PeriodicCallback periodic, Task task)
            {
                {{statements}}
            }
        """;
}
