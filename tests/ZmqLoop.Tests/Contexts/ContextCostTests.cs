using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Contexts;

public sealed class ContextCostTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private int _left;

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_callback_without_contexts_allocates_nothing()
    {
        Action hop = null!;
        long before = 0;
        long allocated = -1;
        hop = () =>
        {
            if (_left == 10_000) before = GC.GetAllocatedBytesForCurrentThread();
            if (_left == 0) allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (_left-- > 0) _loop.AddCallback(hop);
        };
        _left = 11_000; // the first thousand warms up
        _loop.Poller.Polls.Capacity = 20_000; // the fake takes notes
        _loop.AddCallback(hop);
        _loop.RunUntilIdle();
        Allocations.AssertNone(allocated, 10_000);
    }

    [Fact]
    public void A_chain_of_callbacks_in_a_handlers_context_allocates_nothing()
    {
        Action hop = null!;
        long before = 0;
        long allocated = -1;
        hop = () =>
        {
            if (_left == 10_000) before = GC.GetAllocatedBytesForCurrentThread();
            if (_left == 0) allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (_left-- > 0) _loop.AddCallback(hop);
        };
        _left = 11_000;
        _loop.Poller.Polls.Capacity = 20_000;
        new ExceptionStackContext(_ => false).Run(() => _loop.AddCallback(hop));
        _loop.RunUntilIdle();
        Allocations.AssertNone(allocated, 10_000);
    }

    [Fact]
    public void A_million_deactivated_contexts_leave_memory_as_it_was()
    {
        long before = 0;
        long after = 0;
        _left = 1_000_000;
        _loop.AddCallback(Hop);
        _loop.RunUntilIdle();
        // Tests beside this one allocate, too; contexts that stayed would be a hundred megabytes.
        Assert.True(after - before < 20_000_000, $"{before} bytes became {after}.");

        void Hop()
        {
            if (_left == 900_000) before = GC.GetTotalMemory(forceFullCollection: true);
            if (_left == 0) after = GC.GetTotalMemory(forceFullCollection: true);
            if (_left % 1000 == 0) _loop.Poller.Polls.Clear();
            if (_left-- <= 0) return;
            new ExceptionStackContext(_ => false).Run(deactivate =>
            {
                _loop.AddCallback(Hop);
                deactivate();
            });
        }
    }
}
