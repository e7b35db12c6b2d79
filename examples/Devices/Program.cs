using Devices;

switch (args)
{
    case ["broker"]:
        Broker.Run();
        return 0;
    case ["watching"]:
        Watching.Run();
        return 0;
    case ["logs"]:
        Logs.Run();
        return 0;
    default:
        Console.Error.WriteLine("Devices broker | watching | logs");
        return 2;
}
