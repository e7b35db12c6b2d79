using System.Runtime.CompilerServices;
using SharpFuzz;

namespace ZmqLoop.Chaos.Branches;

/// <summary>A copy of this program, of which the library's assemblies tell which branches are taken; removed again when disposed
/// of.</summary>
internal sealed class InstrumentedCopy : IDisposable
{
    private static readonly string[] _assemblies = ["ZmqLoop.dll", "ZmqLoop.Streams.dll"];

    private readonly string _folder = Directory.CreateTempSubdirectory("chaos-branches-").FullName;

    public InstrumentedCopy()
    {
        try
        {
            Copy(AppContext.BaseDirectory);
            foreach (string assembly in _assemblies) Instrument(assembly, static _ => true);
            Instrument(typeof(CombinationLock).Assembly.GetName().Name + ".dll", static type => type == typeof(CombinationLock).FullName);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How it is started.</summary>
    public IReadOnlyList<string> Command => ThisProgram.In(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Copy(string source)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void Instrument(string assembly, Func<string, bool> types) =>
        Fuzzer.Instrument(Path.Combine(_folder, assembly), types, DefaultOptions());

    /// <summary>SharpFuzz makes them for its own tool alone, and yet asks for them.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SharpFuzz.Options DefaultOptions();
}
