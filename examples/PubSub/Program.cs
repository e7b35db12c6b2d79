using PubSub;

switch (args)
{
    case ["last-values"]:
        LastValues.Run();
        return 0;
    case ["gaps"]:
        Gaps.Run();
        return 0;
    default:
        Console.Error.WriteLine("PubSub last-values | gaps");
        return 2;
}
