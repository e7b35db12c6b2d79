using Requests;

switch (args)
{
    case ["times"]:
        Times.Run();
        return 0;
    case ["errors"]:
        Errors.Run();
        return 0;
    default:
        Console.Error.WriteLine("Requests times | errors");
        return 2;
}
