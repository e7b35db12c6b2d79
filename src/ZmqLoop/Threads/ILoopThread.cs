namespace ZmqLoop;

/// <summary>A loop, as those see it who only want to know which thread it runs on.</summary>
internal interface ILoopThread
{
    /// <summary>The thread that runs the loop; null while none does.</summary>
    Thread? Thread { get; }
}
