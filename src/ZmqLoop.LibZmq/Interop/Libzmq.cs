using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Only the library's own folder, the application's and the system's places are searched.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]

namespace ZmqLoop.Interop;

/// <summary>libzmq's C functions under their C names; one file an area. The library is found by <see cref="LibzmqLoader"/>.</summary>
internal static partial class Libzmq
{
    internal const string Library = "libzmq";

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial void zmq_version(out int major, out int minor, out int patch);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_has(string capability);

    // Both keys are 40 characters of Z85 and a zero.
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static unsafe partial int zmq_curve_keypair(byte* publicKey, byte* secretKey);
}
