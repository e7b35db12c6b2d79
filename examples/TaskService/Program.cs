using TaskService;
using TaskService.Demo;
using TaskService.Service;

const string Usage = """
    TaskService serve [--front tcp://127.0.0.1:5555] [--progress tcp://127.0.0.1:5556] [--max-body 8388608] [--deadline 2]
                      [--drain 5] [--progress-every 500]
    TaskService demo  [--requests 10000] [--clients 4] [--log FILE]
    with --engine netmq (which it is otherwise) or --engine libzmq
    """;

try
{
    Arguments arguments = new(args.AsSpan(Math.Min(1, args.Length)));
    EngineChoice.Make(arguments.Text("engine", ""));
    switch (args.FirstOrDefault())
    {
        case "serve":
            return ServeCommand.Run(ServiceOptions.From(arguments));
        case "demo":
            return await DemoCommand.RunAsync(DemoOptions.From(arguments));
        case "client": // what the demo starts where there is no pyzmq
            return FallbackClient.Run(ClientOptions.From(arguments));
        case "subscriber":
            return FallbackSubscriber.Run(arguments.Text("endpoint", ""));
        default:
            throw new UsageException("serve or demo?");
    }
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync(exception.Message + Environment.NewLine + Usage);
    return 2;
}
