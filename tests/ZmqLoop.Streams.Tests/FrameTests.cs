using System.Diagnostics;

namespace ZmqLoop.Streams.Tests;

/// <summary>How far a user's callback stands below the loop: what somebody who looks at a stack trace has to read through.</summary>
[Collection(nameof(MeterTests))]
public sealed class FrameTests
{
    private const int Most = 14;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Few_frames_of_the_library_stand_above_a_receive_callback(bool copy, bool inContext)
    {
        using StreamWorld world = new();
        string[]? frames = null;
        void Register() => world.Stream.OnRecv(_ => frames = OfTheLibrary(new StackTrace()), copy);
        if (inContext) new ExceptionStackContext(_ => false).Run(Register);
        else Register();
        world.Socket.Arrive("1");
        world.Run();
        Assert.NotNull(frames);
        Assert.True(frames.Length is > 0 and <= Most, $"{frames.Length} frames:\n{string.Join('\n', frames)}");
    }

    private static string[] OfTheLibrary(StackTrace trace) =>
        [.. from frame in trace.GetFrames()
            let method = frame.GetMethod()
            where method?.DeclaringType?.Assembly.GetName().Name is "ZmqLoop" or "ZmqLoop.Streams"
            select $"{method!.DeclaringType!.Name}.{method.Name}"];
}
