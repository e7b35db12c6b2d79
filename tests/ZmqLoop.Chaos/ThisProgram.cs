namespace ZmqLoop.Chaos;

/// <summary>How this program starts itself again.</summary>
internal static class ThisProgram
{
    public static IReadOnlyList<string> Command { get; } =
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "ZmqLoop.Chaos.dll")];
}
