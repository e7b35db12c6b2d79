using System.ComponentModel;

namespace ZmqLoop.Vectors;

/// <summary>An exception of a program: only its name counts.</summary>
internal sealed class NamedException(string name) : Exception(name)
{
    public string Name { get; } = name;
}

/// <summary>An I/O error of a program, with the error number that the loop looks at.</summary>
internal sealed class ErrnoException(string name, int number) : Win32Exception(number, name)
{
    public string Name { get; } = name;
}

internal static class Errors
{
    private const int InputOutput = 5;
    private const int BrokenPipe = 32;

    public static Exception Create(string name) => name switch
    {
        "EPIPE" => new ErrnoException(name, BrokenPipe),
        "EIO" => new ErrnoException(name, InputOutput),
        _ => new NamedException(name),
    };

    /// <summary>The name by which traces know an exception.</summary>
    public static string NameOf(Exception? error) => error switch
    {
        null => "-",
        NamedException named => named.Name,
        ErrnoException errno => errno.Name,
        StackContextInconsistentException => "StackContextInconsistentError",
        TimeoutException => "TimeoutError",
        InvalidOperationException => "RuntimeError", // ObjectDisposedException, too
        _ => error.ToString(), // a stray one: all of it helps
    };
}
