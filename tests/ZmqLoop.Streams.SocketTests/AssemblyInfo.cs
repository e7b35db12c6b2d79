// NetMQ has one context for the whole process, and some tests end it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
