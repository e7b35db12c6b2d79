namespace ZmqLoop.Chaos.Services;

/// <summary>What is attacked, by name.</summary>
internal interface IService
{
    /// <summary>Where each target listens.</summary>
    IReadOnlyDictionary<string, string> Ports { get; }

    /// <summary>How many messages each target was given. Loop's thread.</summary>
    IReadOnlyDictionary<string, long> Received { get; }

    /// <summary>Another socket in the place of one that does nothing any more. Loop's thread.</summary>
    void Again(string name)
    {
    }
}
