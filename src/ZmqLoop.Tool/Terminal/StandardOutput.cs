using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace ZmqLoop.Tool.Terminal;

/// <summary>stdout for a loop: written on another thread, many messages at once, so that a reader who takes its time holds up the messages
/// and not the loop. Loop's thread.</summary>
internal sealed class StandardOutput(IOLoop loop) : IDisposable
{
    private const int Limit = 1 << 20; // bytes that may wait before whoever writes does
    private const int BrokenPipe = 32; // EPIPE, which .NET gives as it is
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsClosingPipe = unchecked((int)0x800700E8);

    private readonly Stream _stream = Open();
    private readonly CancellationTokenSource _broken = new();
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _writing = new();
    private Task _written = Task.CompletedTask;

    /// <summary>Cancelled when nobody reads any more, or nothing can be written.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Why nothing can be written; null where nobody reads any more, which is no error.</summary>
    public string? Error { get; private set; }

    /// <summary>What is to be written with the next <see cref="FlushAsync"/>.</summary>
    public IBufferWriter<byte> Buffer => _filling;

    /// <summary>Begins to write what is in the buffer.</summary>
    /// <returns>A task that ends when there is room again.</returns>
    public Task FlushAsync()
    {
        if (_written.IsCompleted) _written = WriteAsync();
        return _filling.WrittenCount < Limit ? Task.CompletedTask : _written;
    }

    /// <summary>Until all is written, or nobody reads any more.</summary>
    public async Task FinishAsync()
    {
        await FlushAsync();
        await _written;
    }

    public void Dispose() => _broken.Dispose();

    // .NET's own stream says nothing of a pipe that nobody reads any more; in a file, others may write as well, which that one heeds.
    private static Stream Open()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        FileStream stream = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    private async Task WriteAsync()
    {
        while (_filling.WrittenCount > 0 && !_broken.IsCancellationRequested)
        {
            (_filling, _writing) = (_writing, _filling);
            if (!await loop.RunInExecutor(WriteOut)) await _broken.CancelAsync();
            _writing.ResetWrittenCount();
        }
    }

    private bool WriteOut()
    {
        try
        {
            _stream.Write(_writing.WrittenSpan);
            _stream.Flush();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The reader of a pipe goes when it has enough, as head does.
            if (exception.HResult is not (BrokenPipe or WindowsBrokenPipe or WindowsClosingPipe)) Error = exception.Message;
            return false;
        }
    }
}
