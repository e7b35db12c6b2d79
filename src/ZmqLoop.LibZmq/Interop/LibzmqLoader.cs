using System.Reflection;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>Finds libzmq, once, and explains itself where it cannot.</summary>
internal static class LibzmqLoader
{
    internal const string PathVariable = "ZMQLOOP_LIBZMQ";

    // dlopen does not look beside the file for what it depends on, so these are loaded first, in this order, where they lie there.
    private static readonly string[] _dependencies = ["libmd.so.0", "libbsd.so.0", "libsodium.so.23", "libpgm-5.3.so.0", "libnorm.so.1"];
    private static readonly string[] _names = ["libzmq.so.5", "libzmq.5.dylib", "libzmq.dll", "libzmq"];
    private static readonly Version _required = new(4, 3, 1); // 4.3.0 may tear a multipart message when a peer goes away
    private static readonly Lock _lock = new();
    private static nint _library;
    private static bool _resolverSet;
    private static Version? _version;

    /// <summary>The library's version, loaded with the first call. A failure is explained anew by every call.</summary>
    /// <exception cref="DllNotFoundException">There is no usable libzmq.</exception>
    public static Version EnsureLoaded() => Volatile.Read(ref _version) ?? Load();

    private static Version Load()
    {
        lock (_lock)
        {
            if (_version is not null) return _version;
            if (_library == 0) _library = Find(Environment.GetEnvironmentVariable(PathVariable));
            if (!_resolverSet) NativeLibrary.SetDllImportResolver(typeof(LibzmqLoader).Assembly, Resolve);
            _resolverSet = true;
            if (!NativeLibrary.TryGetExport(_library, nameof(Libzmq.zmq_version), out _))
                throw new DllNotFoundException($"The library that was found is not libzmq. {Instructions}");
            Libzmq.zmq_version(out int major, out int minor, out int patch);
            Version version = new(major, minor, patch);
            if (version < _required)
                throw new DllNotFoundException($"libzmq {version} is too old: ZmqLoop.LibZmq needs {_required} or later. {Instructions}");

            // Binds the function now: looking it up after a failed call could change the very errno it is to read.
            Errors.Prepare();
            Volatile.Write(ref _version, version);
            return version;
        }
    }

    internal static nint Find(string? path)
    {
        if (!string.IsNullOrEmpty(path)) return LoadFile(path);
        Assembly assembly = typeof(LibzmqLoader).Assembly;
        foreach (string name in _names)
        {
            if (NativeLibrary.TryLoad(name, assembly, null, out nint library)) return library;
        }

        throw new DllNotFoundException($"libzmq was not found. {Instructions}");
    }

    private static nint LoadFile(string path)
    {
        string file = Path.GetFullPath(path);
        try
        {
            string folder = Path.GetDirectoryName(file) ?? "";
            foreach (string dependency in _dependencies)
            {
                string beside = Path.Combine(folder, dependency);
                if (File.Exists(beside)) NativeLibrary.Load(beside);
            }

            return NativeLibrary.Load(file);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new DllNotFoundException($"{PathVariable} names '{path}', which cannot be loaded: {error.Message} {Instructions}", error);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Libzmq.Library ? _library : 0;

    private static string Instructions =>
        "Install it (Debian and Ubuntu: apt-get install libzmq5; Fedora: dnf install zeromq; macOS: brew install zeromq; " +
        "Windows: vcpkg install zeromq, and put libzmq.dll beside the program), " +
        $"or set {PathVariable} to the full path of the file.";
}
