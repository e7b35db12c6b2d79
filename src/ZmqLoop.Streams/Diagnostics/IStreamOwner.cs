namespace ZmqLoop.Streams;

/// <summary>In whose name something is reported, where its description has more than its name.</summary>
internal interface IStreamOwner
{
    /// <summary>What it is called in a line that says of its state what matters. Any thread.</summary>
    string Title { get; }
}
