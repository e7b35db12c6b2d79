using System.Runtime.CompilerServices;

namespace ZmqLoop.Tool.Terminal;

/// <summary>stdin for a loop, read on another thread. Loop's thread.</summary>
internal sealed class InputLines(IOLoop loop)
{
    private const int Longest = 256 << 20;

    private readonly Stream _stream = Console.OpenStandardInput();
    private byte[] _buffer = new byte[64 << 10];
    private int _begin;
    private int _end;

    /// <summary>Line by line, without what ends them. What is given is over with the next.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int looked = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_begin + looked, _end - _begin - looked).IndexOf((byte)'\n');
            if (length >= 0)
            {
                Memory<byte> line = _buffer.AsMemory(_begin, looked + length);
                _begin += looked + length + 1;
                looked = 0;
                yield return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
                continue;
            }

            looked = _end - _begin;
            if (await FillAsync(cancellationToken)) continue;
            if (_end > _begin) yield return _buffer.AsMemory(_begin, _end - _begin);
            yield break;
        }
    }

    /// <summary>All of it, byte for byte.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAllAsync(CancellationToken cancellationToken)
    {
        while (await FillAsync(cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
        return _buffer.AsMemory(_begin, _end - _begin);
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
        }

        if (_end >= Longest) throw new ToolException("stdin has a line of more than 256 MiB, which is no message: is it text?");
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        // A read that is waited for no more stays behind on its thread, which does not keep the process from ending.
        int count = await loop.RunInExecutor(() => _stream.Read(_buffer, _end, _buffer.Length - _end)).WaitAsync(cancellationToken);
        _end += count;
        return count > 0;
    }
}
