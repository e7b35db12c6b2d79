namespace ZmqLoop.Analyzers.Tests;

public sealed class BlockingCallTests
{
    [Theory]
    [InlineData("stream.OnRecv(message => [|Thread.Sleep(10)|]);")]
    [InlineData("stream.OnRecv(async message => { await Task.Yield(); [|Thread.Sleep(TimeSpan.FromSeconds(1))|]; });")]
    [InlineData("loop.AddCallback(() => [|task.Wait()|]);")]
    [InlineData("loop.CallLater(1, () => { int n = [|answer.Result|]; });")]
    [InlineData("loop.AddTimeout(TimeSpan.FromSeconds(1), () => { int n = [|answer.GetAwaiter().GetResult()|]; });")]
    [InlineData("loop.InvokeAsync(() => [|answer.ConfigureAwait(false).GetAwaiter().GetResult()|]);")]
    [InlineData("loop.AddHandler(0, (source, events) => [|Task.WaitAll(task)|], IOEvents.Read);")]
    [InlineData("new PeriodicCallback(() => [|Task.WaitAny(task)|], 10, loop);")]
    [InlineData("new DelayedCallback(() => [|new ManualResetEventSlim().Wait()|], 10, loop);")]
    [InlineData("responder.OnRequest(\"root\", request => new Message($\"{[|answer.Result|]}\"));")]
    [InlineData("stream.OnRecv<int>(value => [|new SemaphoreSlim(1).Wait(100)|]);")]
    [InlineData("stream.Send(\"x\", (message, error) => [|Console.ReadLine()|]);")]
    [InlineData("loop.RunSync(async () => { await task; [|thread.Join()|]; });")]
    [InlineData("loop.AddCallback(() => [|socket.Receive(new byte[1])|]);")]
    [InlineData("loop.AddCallback(() => new StackContext(() => (IDisposable)null!).Run(() => [|Thread.Sleep(1)|]));")]
    [InlineData("Action tick = () => [|Thread.Sleep(1)|]; loop.AddCallback(tick);")]
    [InlineData("loop.AddCallback(Local); void Local() => [|Thread.Sleep(1)|];")]
    [InlineData("loop.AddCallback(() => Local()); void Local() => [|Thread.Sleep(1)|];")]
    public Task What_blocks_in_a_callback_is_reported(string statements) =>
        Analysis.ReportsAsync<BlockingCallAnalyzer>(InMethod(statements));

    [Theory]
    [InlineData("Thread.Sleep(10); task.Wait(); int n = answer.Result;")] // whoever calls this has no loop that is known
    [InlineData("loop.AddCallback(() => _ = Task.Run(() => Thread.Sleep(10)));")]
    [InlineData("loop.AddCallback(async () => await loop.RunInExecutor(() => answer.Result));")]
    [InlineData("loop.AddFuture(answer, done => Console.WriteLine(done.Result));")]
    [InlineData("loop.AddCallback(async () => { await answer; int n = answer.Result; });")]
    [InlineData("loop.AddCallback(async () => { await Task.WhenAll(answer, task); int n = answer.Result; });")]
    [InlineData("loop.AddCallback(() => { if (answer.IsCompletedSuccessfully) Console.WriteLine(answer.Result); });")]
    [InlineData("loop.AddHandler(0, (source, events) => socket.Receive(new byte[1]), IOEvents.Read);")]
    [InlineData("loop.AddCallback(() => { bool set = new ManualResetEventSlim().Wait(0) || task.Wait(TimeSpan.Zero); });")]
    [InlineData("loop.AddCallback(() => new Lazy<int>(() => answer.Result));")] // when that runs, nobody knows
    [InlineData("loop.AddCallback(() => Console.WriteLine(new Reply().Result));")]
    public Task What_does_not_block_a_loop_is_not(string statements) => Analysis.ReportsAsync<BlockingCallAnalyzer>(InMethod(statements));

    [Fact]
    public Task A_method_that_is_given_to_a_loop_is_looked_at_with_what_it_calls() => Analysis.ReportsAsync<BlockingCallAnalyzer>("""
            void Run(ZMQStream stream) => stream.OnRecv(Serve);
            void Serve(Message message) => Other.Work(message);
            void Elsewhere() => Thread.Sleep(1);
            static class Other
            {
                public static void Work(Message message) => [|Thread.Sleep(1)|];
            }
        """);

    [Fact]
    public Task A_method_that_a_future_or_a_handler_calls_has_what_it_asks_for() => Analysis.ReportsAsync<BlockingCallAnalyzer>("""
            void Run(IOLoop loop, Task<int> answer, System.Net.Sockets.Socket socket)
            {
                loop.AddFuture(answer, OnAnswer);
                loop.AddHandler(socket, OnReady, IOEvents.Read);
            }
            void OnAnswer(Task<int> answer) => Console.WriteLine(answer.Result);
            void OnReady(PollSource source, IOEvents events) => Read();
            void Read() => new System.Net.Sockets.Socket(default, default).Receive(new byte[1]);
        """);

    [Fact]
    public Task A_hosts_handler_runs_on_its_loop() => Analysis.ReportsAsync<BlockingCallAnalyzer>("""
            class Orders : ZmqLoop.Hosting.IMessageHandler
            {
                public Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken)
                {
                    [|Thread.Sleep(1)|];
                    return Task.CompletedTask;
                }
                void Elsewhere() => Thread.Sleep(1);
            }
        """);

    [Fact]
    public Task A_method_that_a_host_gives_requests_to_runs_on_its_loop() => Analysis.ReportsAsync<BlockingCallAnalyzer>("""
            class Orders
            {
                public Task<int> CountAsync(string of)
                {
                    [|Thread.Sleep(1)|];
                    return Task.FromResult(of.Length);
                }
            }
            void Run(ZmqLoop.Hosting.HostedLoopBuilder loop)
            {
                loop.AddRequestHandler("orders", "count", (Orders orders, string of, CancellationToken _) => orders.CountAsync(of));
                loop.AddRequestHandler("orders", "wait", (Orders _, Message _, CancellationToken _) =>
                {
                    [|Thread.Sleep(1)|];
                    return Task.FromResult(1);
                });
            }
        """);

    [Fact]
    public Task A_receive_of_NetMQs_that_waits_is_reported_but_in_a_handler() => Analysis.ReportsAsync<BlockingCallAnalyzer>("""
            void Run(IOLoop loop, NetMQ.Sockets.PullSocket socket)
            {
                loop.AddCallback(() => [|NetMQ.ReceivingSocketExtensions.ReceiveFrameString(socket)|]);
                loop.AddCallback(() => NetMQ.ReceivingSocketExtensions.TryReceiveFrameString(socket, out _));
                loop.AddHandler(socket, (_, _) => NetMQ.ReceivingSocketExtensions.ReceiveFrameString(socket), IOEvents.Read);
            }
        """);

    [Theory]
    [InlineData("loop.AddCallback(() => Thread.Sleep(10));",
        "loop.AddCallback(async () => await loop.Delay(TimeSpan.FromMilliseconds(10)));")]
    [InlineData("loop.CallLater(1, () => { Thread.Sleep(TimeSpan.Zero + time); });",
        "loop.CallLater(1, async () => { await loop.Delay(TimeSpan.Zero + time); });")]
    [InlineData("stream.OnRecv(message => Thread.Sleep(10));",
        "stream.OnRecv(async message => await stream.IOLoop.Delay(TimeSpan.FromMilliseconds(10)));")]
    [InlineData("new PeriodicCallback(() => Thread.Sleep(10), 10, loop);",
        "new PeriodicCallback(async () => await IOLoop.Current.Delay(TimeSpan.FromMilliseconds(10)), 10, loop);")]
    [InlineData("loop.AddCallback(() => task.Wait());", "loop.AddCallback(async () => await task);")]
    [InlineData("loop.AddCallback(() => { string text = answer.Result.ToString(); });",
        "loop.AddCallback(async () => { string text = (await answer).ToString(); });")]
    [InlineData("loop.InvokeAsync(() => answer.Result);", "loop.InvokeAsync(async () => await answer);")]
    [InlineData("loop.AddCallback(async () => { await task; Console.WriteLine(answer.ConfigureAwait(false).GetAwaiter().GetResult()); });",
        "loop.AddCallback(async () => { await task; Console.WriteLine(await answer); });")]
    public Task It_is_awaited_where_that_can_be(string before, string after) =>
        Analysis.FixesAsync<BlockingCallAnalyzer, BlockingCallFix>(InMethod(before), InMethod(after));

    [Theory]
    [InlineData("responder.OnRequest(\"root\", request => new Message($\"{answer.Result}\"));")] // the async handler has a token, too
    [InlineData("stream.OnSend((message, error) => task.Wait());")] // nobody would await it
    [InlineData("loop.AddCallback(() => Local()); void Local() => task.Wait();")]
    [InlineData("loop.AddCallback(() => Task.WaitAny(task));")]
    public Task Where_an_async_lambda_would_be_another_thing_there_is_no_fix(string statements) =>
        Analysis.HasNoFixAsync<BlockingCallAnalyzer, BlockingCallFix>(InMethod(statements));

    private static string InMethod(string statements) => $$"""
            void Run(IOLoop loop, ZMQStream stream, Responder responder, Task task, Task<int> answer, Thread thread, TimeSpan time,
                System.Net.Sockets.Socket socket)
            {
                {{statements}}
            }
            class Reply { public int Result => 1; }
        """;
}
