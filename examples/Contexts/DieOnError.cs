using ZmqLoop;

namespace Contexts;

internal sealed class DieOnError : IContextManager
{
    public static void Run()
    {
        using IOLoop loop = new();
        new StackContext(() => new DieOnError()).Run(() => loop.CallLater(0.02, Fetch));
        Console.WriteLine("started");
        loop.Start();

        static void Fetch() => throw new IOException("the connection is gone");
    }

    public void Enter()
    {
    }

    public bool Exit(Exception? exception)
    {
        if (exception is null) return false;
        Console.Error.WriteLine($"exception in asynchronous operation: {exception.Message}");
        Environment.Exit(1);
        return true;
    }
}
