namespace ZmqLoop.Dashboard;

/// <summary>Something that is wrong.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Rule">Which rule found it, as its section of docs/operations.md is called: <c>stuck-handler</c>.</param>
/// <param name="Title">What is wrong, and with whom.</param>
/// <param name="Action">What to do.</param>
/// <param name="Loop">The id of the loop; null where it is of none.</param>
/// <param name="Stream">The id of the stream; null where it is of none.</param>
internal sealed record Finding(Severity Severity, string Rule, string Title, string Action, long? Loop = null, long? Stream = null)
{
    private const string Page = "https://github.com/zmqloop/zmqloop/blob/main/docs/operations.md";

    /// <summary>Where more of it is said.</summary>
    public string Link => $"{Page}#{Rule}";
}
