using ZmqLoop.Tool.CommandLine;

namespace ZmqLoop.Tool;

internal static class Program
{
    public static int Main(string[] arguments) => ToolRoot.Run(arguments);
}
