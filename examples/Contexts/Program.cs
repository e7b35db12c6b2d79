using Contexts;

switch (args)
{
    case ["errors"]:
        Errors.Run();
        return 0;
    case ["log-scopes"]:
        LogScopes.Run();
        return 0;
    case ["time-limit"]:
        TimeLimit.Run();
        return 0;
    case ["requests"]:
        Requests.Run();
        return 0;
    case ["die-on-error"]:
        DieOnError.Run();
        return 0;
    default:
        Console.Error.WriteLine("Contexts errors | log-scopes | time-limit | requests | die-on-error");
        return 2;
}
