using BenchmarkDotNet.Attributes;

namespace ZmqLoop.Benchmarks;

/// <summary>Frames and messages without any socket: what they cost besides the bytes.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private readonly Message _target = new();
    private byte[] _bytes = null!;
    private Message _request = null!;

    [Params(10, 100, 1_024, 65_536)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bytes = new byte[Size];
        _request = new Message("client", Frame.Empty, Frame.Own(_bytes));
    }

    [Benchmark(Baseline = true)]
    public byte[] Copied_array() => _bytes.AsSpan().ToArray();

    [Benchmark]
    public Frame Copied_frame() => Frame.Copy(_bytes);

    [Benchmark]
    public Frame Owned_frame() => Frame.Own(_bytes);

    [Benchmark]
    public Message New_message_of_three_frames() => new("client"u8, Frame.Empty, Frame.Own(_bytes));

    [Benchmark]
    public int Message_filled_again()
    {
        _target.CopyFrom(_request);
        return _target.Count;
    }

    [Benchmark]
    public Message Reply() => _request.Reply(Frame.Own(_bytes));
}
