using ZmqLoop.Chaos;
using ZmqLoop.Chaos.Services;

// The whole attack: `./build.sh chaos`. What it starts itself, as processes of their own, so that their end is seen and counted:
//   case AREA/CASE ENGINE SEED SECONDS SHARE   one case; prints PROGRESS lines and one RESULT line
//   serve KIND ENGINE [ARGUMENT…]              a service that is attacked; prints READY, answers questions on stdin
return args switch
{
    ["case", string name, string engine, string seed, string seconds, string share] =>
        await CaseProcess.RunAsync(name, engine, seed, seconds, share),
    ["serve", string kind, string engine, .. string[] rest] => ServiceHost.Run(kind, engine, rest),
    _ => await Driver.RunAsync(args),
};
