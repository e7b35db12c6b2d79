using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ZmqLoop.Testing;

/// <summary>Tests block loops on purpose, and machines that run tests stand still: only tests of the reports themselves switch them
/// on.</summary>
internal static class BlockingIsFine
{
    private const string Variable = "ZMQLOOP_BLOCKING_THRESHOLD";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The tests' own library: in each of their processes, however they are run.")]
    public static void SwitchOff()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) Environment.SetEnvironmentVariable(Variable, "off");
    }
}
