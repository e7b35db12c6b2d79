// Some tests count the process's descriptors, and all of them want the cores for themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
