namespace ZmqLoop;

/// <summary>A loop, as those see it who only want to know its engine.</summary>
internal interface IEngineOwner
{
    /// <summary>Null for a loop without an engine, and for one that is closed.</summary>
    ZMQEngine? Engine { get; }
}
