using System.Globalization;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Bench;

/// <summary>The side that asks and measures. Loop's thread.</summary>
/// <param name="session">The run.</param>
/// <param name="stream">A DEALER, connected to the server.</param>
/// <param name="flow">How long without an answer is too long.</param>
/// <param name="size">Bytes of a message.</param>
internal sealed class BenchClient(Session session, ZMQStream stream, Flow flow, int size)
{
    private const int Untimed = 100; // until both sides are compiled and connected

    private readonly byte[] _body = new byte[size];

    /// <summary>Round trips, one after the other.</summary>
    /// <returns>What each took, in seconds, the shortest first.</returns>
    public async Task<double[]> MeasureLatencyAsync(int count)
    {
        double[] times = new double[count];
        for (int i = -Math.Min(Untimed, count); i < count; i++)
        {
            double begun = session.Loop.Time();
            await ExchangeAsync(BenchProtocol.Echo, _body, BenchProtocol.Echo);
            if (i >= 0) times[i] = session.Loop.Time() - begun;
        }

        Array.Sort(times);
        return times;
    }

    /// <summary>Messages in one direction, as fast as they go.</summary>
    /// <returns>How long they took to come, in seconds, at the other side.</returns>
    public async Task<double> MeasureRateAsync(long count)
    {
        await ExchangeAsync(BenchProtocol.Count, count.ToString(CultureInfo.InvariantCulture), BenchProtocol.Ready);
        Message message = new(Frame.Own(_body));
        for (long i = 0; i < count; i++)
        {
            while (!stream.TrySend(message))
                if (!await stream.WaitToSendAsync(flow.Ending)) throw new ToolException("The socket was closed.", ExitCode.Failed);
            flow.NoteSent(message);
        }

        Message done = await ReceiveAsync(BenchProtocol.Done);
        return double.Parse(done[2].Span, CultureInfo.InvariantCulture);
    }

    private async Task ExchangeAsync(string word, Frame content, string expected)
    {
        Message request = BenchProtocol.Make(word, content);
        stream.Send(request);
        flow.NoteSent(request);
        await ReceiveAsync(expected);
    }

    private async Task<Message> ReceiveAsync(string word)
    {
        Message answer = await stream.ReceiveAsync(flow.Ending);
        if (!BenchProtocol.Is(answer.Frames, word))
            throw new ToolException("What answers there is no 'zmqloop bench serve', or another version of it.", ExitCode.Failed);
        flow.NoteReceived(answer);
        return answer;
    }
}
