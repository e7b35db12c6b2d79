namespace ZmqLoop.Testing;

/// <summary>A test that another one runs in a process of its own.</summary>
public static class OneTest
{
    /// <summary>What follows <see cref="Environment.ProcessPath"/> to run this one test: the process is `dotnet X.dll`, or X
    /// itself.</summary>
    public static string[] Arguments(Type tests, string method)
    {
        ArgumentNullException.ThrowIfNull(tests);
        string[] one = ["-method", $"{tests.FullName}.{method}", "-noColor"];
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [tests.Assembly.Location, .. one] : one;
    }
}
