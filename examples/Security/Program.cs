using Security;

switch (args)
{
    case ["passwords"]:
        Passwords.Run();
        return 0;
    case ["keys"]:
        Keys.Run();
        return 0;
    default:
        Console.Error.WriteLine("Security passwords | keys");
        return 2;
}
