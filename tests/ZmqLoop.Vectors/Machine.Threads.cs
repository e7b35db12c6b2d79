using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace ZmqLoop.Vectors;

internal sealed partial class Machine
{
    // What the present thread of a program wants done by the thread that waits for it.
    private readonly ThreadLocal<BlockingCollection<Action>?> _requests = new();

    private void RunThread(Step step)
    {
        string id = step.Text("id");
        using BlockingCollection<Action> requests = [];
        var thread = new Thread(() =>
        {
            _requests.Value = requests;
            Note($"thread {id}");
            try
            {
                Execute(step.Body);
            }
            catch (Exception error)
            {
                Note($"thread-error {Errors.NameOf(error)}");
            }
            finally
            {
                requests.CompleteAdding();
            }
        }) { IsBackground = true, Name = id };
        thread.Start();
        foreach (Action request in requests.GetConsumingEnumerable()) request();
        thread.Join();
        Note($"joined {id}");
    }

    /// <summary>Does on the loop's thread what other threads must not do to a loop that runs: tornado's timers did not care.</summary>
    private void OnLoopThread(Action action)
    {
        if (_loop.CheckAccess() || _requests.Value is not { } requests)
        {
            action();
            return;
        }

        ExceptionDispatchInfo? thrown = null;
        using var done = new ManualResetEventSlim();
        requests.Add(() =>
        {
            try
            {
                OnLoopThread(action); // the waiting thread may be another such thread
            }
            catch (Exception error)
            {
                thrown = ExceptionDispatchInfo.Capture(error);
            }

            done.Set();
        });
        done.Wait();
        thrown?.Throw();
    }
}
