using System.Buffers;

namespace ZmqLoop.Tool.Formats;

/// <summary>How messages are written on stdout, and read from arguments and stdin.</summary>
internal abstract class MessageFormat
{
    /// <summary>Writes a message, with what ends it.</summary>
    public abstract void Write(Message message, IBufferWriter<byte> output);

    /// <summary>Reads a message from a line.</summary>
    /// <exception cref="FormatException">It is none; the text says what was expected.</exception>
    public abstract Message Read(ReadOnlySpan<byte> line);

    /// <summary>Reads a message from the command line, where each argument is a frame.</summary>
    /// <exception cref="FormatException">One of them is none.</exception>
    public abstract Message Read(IReadOnlyList<string> arguments);

    /// <summary>A frame of an argument, or of the file that it names: <c>@file</c>; <c>@@</c> for an argument that begins with @.</summary>
    protected static Frame FrameOf(string argument, Func<string, Frame> read)
    {
        if (argument.StartsWith("@@", StringComparison.Ordinal)) return read(argument[1..]);
        return argument is ['@', .. var file] ? FromFile(file) : read(argument);
    }

    private static Frame FromFile(string file)
    {
        if (file.Length == 0) throw new FormatException("'@' names no file: write @FILE, or @@ for an @.");
        try
        {
            return Frame.Own(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The frame '@{file}' cannot be read: {exception.Message}", exception);
        }
    }
}
