using System.Text.Json.Serialization;

namespace ZmqLoop.Dashboard;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>Messages wait or are lost.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,

    /// <summary>It gets there, or got there.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>It may be meant so.</summary>
    [JsonStringEnumMemberName("notice")]
    Notice,
}
