using Streams;

switch (args)
{
    case ["threads"]:
        Threads.Run();
        return 0;
    case ["closing"]:
        Closing.Run();
        return 0;
    case ["linger"]:
        Linger.Run();
        return 0;
    case ["errors"]:
        Errors.Run();
        return 0;
    case ["back-pressure"]:
        BackPressure.Run();
        return 0;
    case ["priorities"]:
        Priorities.Run();
        return 0;
    case ["traces"]:
        Traces.Run();
        return 0;
    default:
        Console.Error.WriteLine("Streams threads | closing | linger | errors | back-pressure | priorities | traces");
        return 2;
}
