using System.ComponentModel;
using NetMQ;
using NetMQ.Monitoring;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>What else NetMQ's poller is: a task scheduler, something to invoke on, and what runs under a SynchronizationContext of
/// yours.</summary>
public sealed class NetMQPollerFacesTests
{
    [Fact]
    public void Tasks_started_on_it_and_what_continues_on_it_run_on_its_thread()
    {
        using NetMQLoopPoller poller = [];
        Assert.False(poller.CanExecuteTaskInline);
        poller.RunAsync();
        Assert.False(poller.CanExecuteTaskInline);
        Task<bool> task = new(() => poller.CanExecuteTaskInline && TaskScheduler.Current == poller);
        task.Start(poller);
        Task<bool> continued = task.ContinueWith(_ => poller.CanExecuteTaskInline, poller);
        Assert.True(Get(task));
        Assert.True(Get(continued));
        Task<bool> nested = Task.Factory.StartNew(
            () => Task.Factory.StartNew(() => true, CancellationToken.None, TaskCreationOptions.None, poller).Result, // inline, or for ever
            CancellationToken.None,
            TaskCreationOptions.None,
            poller);
        Assert.True(Get(nested));
        poller.Stop();
        Assert.Equal(1, poller.MaximumConcurrencyLevel);
        poller.Dispose();
        Assert.IsType<ObjectDisposedException>(RefusedBy(poller));
    }

    [Fact]
    public void A_monitor_that_was_attached_may_be_disposed_of_after_the_poller()
    {
        using NetMQWorld world = new();
        using RouterSocket socket = new();
        NetMQMonitor monitor = new(socket, "inproc://outlives", SocketEvents.Accepted);
        using (NetMQLoopPoller poller = new(world.Loop)) monitor.AttachToPoller(poller);
        monitor.Dispose(); // asks the poller to remove its socket and to dispose of that
    }

    [Fact]
    public void What_is_removed_to_be_disposed_of_is_disposed_of_also_where_the_poller_ends_before_its_turn()
    {
        using DealerSocket socket = new();
        using ManualResetEventSlim isRunning = new();
        using ManualResetEventSlim go = new();
        NetMQLoopPoller poller = [socket];
        poller.RunAsync();
        poller.Run(() =>
        {
            isRunning.Set();
            go.Wait(Deadline.Default);
        });
        Assert.True(isRunning.Wait(Deadline.Default));
        poller.RemoveAndDispose(socket); // behind the turn that is the last one
        poller.StopAsync();
        go.Set();
        poller.Dispose();
        Assert.True(socket.IsDisposed);
    }

    [Fact]
    public void And_so_it_is_where_a_loop_that_others_have_was_closed_first()
    {
        using DealerSocket socket = new();
        using NetMQWorld world = new();
        NetMQLoopPoller poller = new(world.Loop) { socket };
        world.Loop.AddCallback(() =>
        {
            Thread other = new(() => poller.RemoveAndDispose(socket));
            other.Start();
            Assert.True(other.Join(Deadline.Default));
            world.Loop.Stop();
        });
        world.Loop.RunOnce(TimeSpan.Zero);
        world.Loop.Close();
        poller.Dispose();
        Assert.True(socket.IsDisposed);
    }

    [Fact]
    public void Stop_returns_when_the_run_has_ended_though_another_begins_at_once()
    {
        using NetMQLoopPoller poller = new();
        int runs = 0;
        Thread runner = new(() =>
        {
            while (Interlocked.Increment(ref runs) <= 2) poller.Run();
        });
        runner.Start();
        Deadline.WaitUntil(() => poller.IsRunning);
        Thread other = new(poller.Stop);
        other.Start();
        Assert.True(other.Join(Deadline.Default));
        while (runner.IsAlive) poller.Stop();
        Assert.Equal(3, runs);
    }

    [Fact]
    public void A_task_runs_in_the_contexts_it_was_started_in()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        AsyncLocal<string> request = new() { Value = "mine" };
        Task<string?> task = new(() => request.Value);
        task.Start(poller);
        request.Value = "another";
        world.RunUntil(() => task.IsCompleted);
        Assert.Equal("mine", task.Result);
        using CallbackScope scope = new(loop: world.Loop);
        scope.Run(() =>
        {
            scope.Cancel();
            Assert.IsType<OperationCanceledException>(RefusedBy(poller));
        });
    }

    [Fact]
    public void It_is_what_a_timer_and_others_invoke_on()
    {
        using NetMQLoopPoller poller = [];
        ISynchronizeInvoke invoke = poller;
        poller.RunAsync();
        Assert.True(invoke.InvokeRequired);
        Func<int, bool> onLoop = number =>
            number == 7 && poller.CanExecuteTaskInline && !invoke.InvokeRequired && (bool)invoke.Invoke(() => true, null)!;
        Assert.Equal(true, invoke.Invoke(onLoop, [7]));
        Assert.Equal(true, invoke.EndInvoke(invoke.BeginInvoke(onLoop, [7])));
        Assert.Throws<ArgumentException>(() => invoke.EndInvoke(Task.CompletedTask));
        Assert.IsType<FormatException>(Assert.Throws<System.Reflection.TargetInvocationException>(
            () => invoke.Invoke((Action)(static () => throw new FormatException()), null)).InnerException);
        TaskCompletionSource<bool> elapsed = new();
        using System.Timers.Timer timer = new(1) { AutoReset = false, SynchronizingObject = poller };
        timer.Elapsed += (_, _) => elapsed.TrySetResult(poller.CanExecuteTaskInline);
        timer.Start();
        Assert.True(Get(elapsed.Task));
    }

    [Fact]
    public void Run_with_a_SynchronizationContext_brings_what_handlers_await_there()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = [];
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        CountingContext context = new();
        socket.ReceiveReady += async (_, args) =>
        {
            args.Socket.SkipFrame();
            Assert.Same(context, SynchronizationContext.Current);
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.ForceYielding);
            poller.Run(poller.Stop);
        };
        poller.Add(socket);
        poller.Loop.AddCallback(() => world.Log.Add($"{SynchronizationContext.Current == context}"));
        peer.SendFrame("");
        Deadline.RunThread(() =>
        {
            poller.Run(context);
            world.Log.Add($"{SynchronizationContext.Current == context}");
        });
        Assert.Equal(1, context.Posts);
        Assert.Equal(["False", "False"], world.Log); // the loop's own callback, and the thread afterwards
        Assert.Throws<ArgumentNullException>(() => poller.Run((SynchronizationContext)null!));
    }

    private static Exception? RefusedBy(TaskScheduler scheduler) =>
        Assert.Throws<TaskSchedulerException>(() => new Task(() => { }).Start(scheduler)).InnerException;

    private static T Get<T>(Task<T> task) => task.Wait(Deadline.Default) ? task.Result : throw new TimeoutException();

    private sealed class CountingContext : SynchronizationContext
    {
        public int Posts { get; private set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            Posts++;
            base.Post(d, state);
        }
    }
}
