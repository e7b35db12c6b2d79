namespace ZmqLoop.Chaos;

/// <summary>How this program starts itself again.</summary>
internal static class ThisProgram
{
    public const string File = "ZmqLoop.Chaos.dll";

    public static IReadOnlyList<string> Command { get; } = In(AppContext.BaseDirectory);

    /// <summary>How a copy in a folder is started.</summary>
    public static IReadOnlyList<string> In(string folder) => ["dotnet", Path.Combine(folder, File)];
}
