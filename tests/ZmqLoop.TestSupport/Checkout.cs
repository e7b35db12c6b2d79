namespace ZmqLoop.Testing;

/// <summary>Where the sources are: above the tests' output. The compiler's paths will not do, since CI maps them away.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ZmqLoop.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not lie below ZmqLoop.sln.");
        return folder;
    }
}
