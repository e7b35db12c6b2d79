using ZmqLoop.Fuzz;

// What strangers send to a NetMQ engine, in a process that is its own to lose. ZmqLoop.NetMQ.Tests and ZmqLoop.Stress run it; by hand:
//   server SEED COUNT [FIRST]   strangers connect to services of ours, each with one input
//   client SEED COUNT [FIRST]   clients of ours connect to strangers, who answer with one input each
//   descriptors                 more strangers than the process may have descriptors: start it under ulimit -n
//   bind                        where no descriptor is left: likewise
//   bare KIND                   one input of a known kind, without the guard: the process ends
//   application                 a thread of the application throws, with the guard: the process ends
try
{
    return args switch
    {
        ["server" or "client", string seed, string count] => await Fuzzing.RunAsync(args[0], int.Parse(seed), int.Parse(count), 0),
        ["server" or "client", string seed, string count, string first] =>
            await Fuzzing.RunAsync(args[0], int.Parse(seed), int.Parse(count), int.Parse(first)),
        ["descriptors"] => await FewDescriptors.RunAsync(),
        ["bind"] => FewDescriptors.Bind(),
        ["bare", string kind] => await Ending.BareAsync(kind),
        ["application"] => await Ending.ApplicationAsync(),
        _ => Usage(),
    };
}
catch (Exception exception) when (args is not ["application"] and not ["bare", ..])
{
    Console.WriteLine(exception);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("server|client SEED COUNT [FIRST], descriptors, bind, bare KIND, or application");
    return 2;
}
