using Microsoft.Extensions.Logging;
using ZmqLoop;

namespace Contexts;

internal static class LogScopes
{
    public static void Run()
    {
        using ILoggerFactory factory = LoggerFactory.Create(logging =>
            logging.AddSimpleConsole(console => (console.IncludeScopes, console.SingleLine) = (true, true)));
        ILogger logger = factory.CreateLogger("Demo");
        using IOLoop loop = new(new IOLoopOptions { LoggerFactory = factory });
        int open = 2;

        Begin(1);
        Begin(2);
        loop.AddCallback(() => logger.LogInformation("nobody's"));
        loop.Start();

        void Begin(int number)
        {
            StackContext scope = new(() => logger.BeginScope("request {Number}", number));
            scope.Run(() => loop.AddCallback(Accept));
        }

        void Accept()
        {
            logger.LogInformation("accepted");
            loop.CallLater(TimeSpan.FromSeconds(0.02), WorkAsync);
        }

        async Task WorkAsync()
        {
            await Task.Yield(); // other callbacks run meanwhile
            logger.LogInformation("done");
            if (--open == 0) loop.Stop();
        }
    }
}
