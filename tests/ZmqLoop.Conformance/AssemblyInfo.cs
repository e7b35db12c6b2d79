// Some tests count the process's descriptors, or wait for a number to be used again.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
