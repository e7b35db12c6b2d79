// The page shows all loops of the process, so the tests run one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
