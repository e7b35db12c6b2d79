using System.Globalization;
using System.Text;

namespace ZmqLoop.Streams;

/// <summary>What logs say of a message: where it came from, and its first bytes, cut and escaped, so that they make no line of their own.
/// </summary>
internal static class MessageQuote
{
    private const int MostFrames = 8;
    private const int MostOfFrame = 32; // bytes, as Frame.ToString shows

    /// <param name="message">The message, which may be over already.</param>
    /// <param name="most">How many of its bytes at most.</param>
    /// <returns>Null where nothing is to be said.</returns>
    public static string? Of(Message message, int most)
    {
        if (most == 0) return null;
        try
        {
            return message.Count == 0 ? null : Describe(message, most);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            return null; // the callback has let go of it, or it is another thread's by now
        }
    }

    private static string Describe(Message message, int most)
    {
        StringBuilder text = new();
        string frames = message.Count == 1 ? "one frame" : $"{message.Count} frames";
        text.Append(CultureInfo.InvariantCulture, $"a message of {frames}, {message.Size} bytes");
        if (message[0].TryGetProperty("Peer-Address", out string? peer) && peer is { Length: > 0 })
            text.Append(CultureInfo.InvariantCulture, $", from {EscapedText.Show(peer)}");
        if (message.UserId is { } user) text.Append(CultureInfo.InvariantCulture, $", of the user '{EscapedText.Show(user)}'");
        text.Append(": [");
        int left = most;
        int shown = 0;
        foreach (Frame frame in message.Frames)
        {
            if (shown == MostFrames || (left == 0 && !frame.IsEmpty)) break;
            if (shown++ > 0) text.Append(", ");
            left -= Append(text, frame.Span, left);
        }

        return text.Append(shown < message.Count ? ", …]" : "]").ToString();
    }

    /// <returns>How many bytes were shown.</returns>
    private static int Append(StringBuilder text, ReadOnlySpan<byte> bytes, int most)
    {
        ReadOnlySpan<byte> head = bytes[..Math.Min(bytes.Length, Math.Min(most, MostOfFrame))];
        bool isText = !head.ContainsAnyExceptInRange((byte)' ', (byte)'~');
        if (isText) text.Append('\'').Append(Encoding.ASCII.GetString(head)).Append('\'');
        else text.Append("0x").Append(Convert.ToHexString(head));
        if (head.Length < bytes.Length) text.Append(CultureInfo.InvariantCulture, $"… ({bytes.Length} bytes)");
        return head.Length;
    }
}
