namespace ZmqLoop;

/// <summary>What contexts need of the loop whose thread they are on.</summary>
internal interface IContextHost
{
    SynchronizationContext SynchronizationContext { get; }

    ContextSynchronizationContext CreateSynchronizationContext(ContextNode node);

    /// <summary>Whether to record where contexts are entered.</summary>
    bool RecordsPlaces { get; }

    void ReportDeepChain(ContextNode node);
}
