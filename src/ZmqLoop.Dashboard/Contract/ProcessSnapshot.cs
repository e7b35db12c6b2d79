namespace ZmqLoop.Dashboard;

/// <summary>Which process it is.</summary>
internal sealed record ProcessSnapshot(
    int Id, string Name, string Machine, double UptimeSeconds, string Runtime, string Library, long MemoryBytes);
