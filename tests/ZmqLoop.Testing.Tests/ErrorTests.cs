using System.Runtime.ExceptionServices;

namespace ZmqLoop.Testing.Tests;

public sealed class ErrorTests
{
    [Fact]
    public void What_OnError_throws_leaves_the_run_and_the_loop_goes_on_behind_it()
    {
        using ScriptedLoop loop = new() { OnError = ExceptionDispatchInfo.Throw };
        bool isLater = false;
        loop.CallLater(1, static () => throw new InvalidOperationException("oops"));
        loop.CallLater(2, () => isLater = true);
        Assert.Equal("oops", Assert.Throws<InvalidOperationException>(loop.RunUntilIdle).Message);
        Assert.Single(loop.Errors);
        Assert.False(isLater);
        loop.RunUntilIdle();
        Assert.True(isLater);
    }
}
