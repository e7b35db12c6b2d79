namespace ZmqLoop.Streams;

/// <summary>For what belongs to nobody in particular: neither contexts nor AsyncLocals of whoever makes it may stick to it.</summary>
internal static class Detached
{
    public static void Run(Action body)
    {
        AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        try
        {
            NullContext.Run(body);
        }
        finally
        {
            flow?.Undo();
        }
    }
}
