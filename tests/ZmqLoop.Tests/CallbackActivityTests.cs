using System.Diagnostics;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>The activities of the loop's callbacks. Listeners hear the whole process: these tests run alone.</summary>
[Collection(nameof(StaticState))]
public sealed class CallbackActivityTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_callback_of_a_traced_operation_is_an_activity_of_its_own_and_parent_of_what_it_starts()
    {
        using ActivitySource source = new("ZmqLoop.Tests");
        List<Activity> ended = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = candidate => candidate.Name is ZmqLoopTelemetry.ActivitySourceName or "ZmqLoop.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        Activity? inside = null;
        using (Activity? request = source.StartActivity("request"))
        {
            _loop.AddCallback(() =>
            {
                inside = Activity.Current;
                using Activity? child = source.StartActivity("child");
            });
            _loop.AddCallback(() => throw new InvalidOperationException("broken"));
        }

        _loop.AddCallback(() => Assert.Null(Activity.Current)); // belongs to no trace, and gets no activity
        _loop.RunUntilIdle();
        Assert.Equal(["request", "child", "callback", "callback"], ended.Select(activity => activity.OperationName));
        Assert.Same(inside, ended[2]);
        Assert.Equal(ended[0].SpanId, ended[2].ParentSpanId);
        Assert.Equal(ended[2].SpanId, ended[1].ParentSpanId);
        Assert.Equal((ActivityStatusCode.Error, null), (ended[3].Status, ended[3].StatusDescription)); // what it says may be secret
        Assert.Equal(typeof(InvalidOperationException).FullName, ended[3].GetTagItem("error.type"));
        Assert.Single(_loop.Errors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_listener_that_throws_is_reported_as_its_callback_is_and_keeps_none_from_running(bool begins)
    {
        InvalidOperationException oops = new("oops");
        using Activity request = new Activity("request").Start();
        using ActivityListener listener = new()
        {
            ShouldListenTo = static candidate => candidate.Name == ZmqLoopTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> made) => made.Parent.TraceId != request.TraceId
                ? ActivitySamplingResult.None : begins ? throw oops : ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == request.TraceId) throw oops;
            },
        };
        ActivitySource.AddActivityListener(listener);
        List<Activity?> inside = [];
        for (int i = 0; i < 2; i++) _loop.AddCallback(() => inside.Add(Activity.Current));
        _loop.CallLater(1, () => inside.Add(Activity.Current));
        request.Stop();
        _loop.SpawnCallback(() => inside.Add(Activity.Current));
        _loop.RunUntilIdle();
        Assert.Equal([request.TraceId, request.TraceId, null, request.TraceId], inside.Select(static activity => activity?.TraceId));
        Assert.Equal([oops, oops, oops], _loop.Errors.Select(static error => error.Exception));
    }

    [Fact]
    public void What_contexts_set_is_set_once_in_each_callback_of_a_trace()
    {
        using ActivitySource source = new("ZmqLoop.Tests");
        using ActivityListener listener = new()
        {
            ShouldListenTo = candidate => candidate.Name is ZmqLoopTelemetry.ActivitySourceName or "ZmqLoop.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        AsyncLocal<int> depth = new();
        List<int> seen = [];
        Activity? reported = null;
        _loop.OnError = _ => reported = Activity.Current;
        using Activity request = source.StartActivity("request")!;
        new StackContext((Func<IDisposable?>)Deeper).Run(() => _loop.AddCallback(() => Hop(3)));
        request.Stop();
        _loop.RunUntilIdle();
        Assert.Equal([1, 1, 1, 1], seen);
        Assert.Equal(request.TraceId, reported?.TraceId); // so that the log's entry has it

        IDisposable? Deeper()
        {
            depth.Value++;
            return null;
        }

        void Hop(int left)
        {
            seen.Add(depth.Value);
            if (left == 0) throw new InvalidOperationException("broken");
            _loop.AddCallback(() => Hop(left - 1));
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void The_activity_of_an_async_callback_lasts_to_its_end_and_has_its_error(bool fails, bool isTimer)
    {
        using ActivitySource source = new("ZmqLoop.Tests");
        List<Activity> ended = [];
        using ActivityListener listener = Listen(ended);
        List<(Activity? Current, bool HasEnded)> inside = [];
        Activity? reported = null;
        _loop.OnError = _ => reported = Activity.Current;
        using (source.StartActivity("request"))
        {
            if (isTimer) _loop.CallLater(TimeSpan.FromSeconds(1), WorkAsync);
            else _loop.AddCallback(WorkAsync);
        }

        _loop.RunUntilIdle();
        Activity callback = Assert.Single(ended, static activity => activity.OperationName is "callback" or "timeout");
        Assert.Equal(isTimer ? "timeout" : "callback", callback.OperationName);
        Assert.Equal([(callback, false), (callback, false)], inside);
        Assert.Equal(fails ? ActivityStatusCode.Error : ActivityStatusCode.Unset, callback.Status);
        Assert.Equal(fails ? typeof(InvalidOperationException).FullName : null, callback.GetTagItem("error.type"));
        Assert.Same(fails ? callback : null, reported);
        Assert.Equal(fails ? 1 : 0, _loop.Errors.Count);

        async Task WorkAsync()
        {
            inside.Add((Activity.Current, Activity.Current!.IsStopped));
            await _loop.Delay(TimeSpan.FromSeconds(1));
            inside.Add((Activity.Current, Activity.Current!.IsStopped));
            if (fails) throw new InvalidOperationException("broken");
        }
    }

    [Fact]
    public void An_async_callback_whose_loop_is_closed_before_it_ends_ends_its_activity_all_the_same()
    {
        using ActivitySource source = new("ZmqLoop.Tests");
        List<Activity> ended = [];
        using ActivityListener listener = Listen(ended);
        TaskCompletionSource work = new();
        using (source.StartActivity("request")) _loop.AddCallback(() => work.Task);
        _loop.RunUntilIdle();
        _loop.Close();
        Assert.Equal(["request"], ended.Select(static activity => activity.OperationName));
        work.SetException(new InvalidOperationException("broken"));
        Assert.Equal(typeof(InvalidOperationException).FullName, ended[^1].GetTagItem("error.type"));
    }

    [Fact]
    public void What_a_context_consumes_of_an_async_callback_is_no_error_of_its_activity()
    {
        using ActivitySource source = new("ZmqLoop.Tests");
        List<Activity> ended = [];
        using ActivityListener listener = Listen(ended);
        using (source.StartActivity("request")) new ExceptionStackContext(static _ => true).Run(() => _loop.AddCallback(async () =>
        {
            await _loop.Delay(TimeSpan.FromSeconds(1));
            throw new InvalidOperationException("broken");
        }));
        _loop.RunUntilIdle();
        Assert.Equal(("callback", ActivityStatusCode.Unset), (ended[^1].OperationName, ended[^1].Status));
        Assert.Empty(_loop.Errors);
    }

    [Theory]
    [InlineData("callback")]
    [InlineData("timeout")]
    [InlineData("handler")]
    public void What_a_callback_throws_is_reported_in_its_own_activity(string kind)
    {
        using ActivitySource source = new("ZmqLoop.Tests");
        List<Activity> ended = [];
        using ActivityListener listener = Listen(ended);
        Activity? reported = null;
        _loop.OnError = _ => reported = Activity.Current;
        using (source.StartActivity("request"))
        {
            if (kind == "timeout") _loop.CallLater(TimeSpan.FromSeconds(1), Fail);
            else if (kind == "callback") _loop.AddCallback(Fail);
            else
            {
                _loop.AddHandler(7, (_, _) => Fail(), IOEvents.Read);
                _loop.Poller.Fire(7, IOEvents.Read);
            }
        }

        _loop.RunUntilIdle();
        Assert.Same(Assert.Single(ended, activity => activity.OperationName == kind), reported);

        void Fail()
        {
            _loop.RemoveHandler(7);
            throw new ZMQException(ZMQErrorCode.HostUnreachable, 113, "EHOSTUNREACH", "secret");
        }
    }

    private static ActivityListener Listen(List<Activity> ended)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = static candidate => candidate.Name is ZmqLoopTelemetry.ActivitySourceName or "ZmqLoop.Tests",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
