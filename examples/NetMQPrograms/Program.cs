using NetMQPrograms;

switch (args)
{
    case ["workers"]:
        await Workers.RunAsync();
        return 0;
    case ["threadsafe"]:
        ThreadSafe.Run();
        return 0;
    default:
        Console.Error.WriteLine("NetMQPrograms workers | threadsafe");
        return 2;
}
