namespace ZmqLoop;

/// <summary>A loop, as the meter sees it.</summary>
internal interface IMeteredLoop
{
    LoopStatistics Statistics { get; }

    LoopMeter Meter { get; }
}
