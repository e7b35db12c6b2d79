using System.CommandLine;
using System.Runtime.CompilerServices;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Formats;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Running;

/// <summary>What a command is to send: its arguments, as often as it says, or the lines of stdin.</summary>
internal sealed class MessageInput
{
    private const string Stdin = "-";

    private readonly bool _needed;

    private readonly Argument<string[]> _frames;

    private readonly Option<TimeSpan?> _interval =
        Duration.Option("--interval", "How long to wait between messages; without --count the arguments are sent for ever.", "-i");

    private readonly Option<bool> _template = new("--template")
    {
        Description = "Fills in {n}, the message's number, and {time} in the arguments.",
    };

    /// <param name="needed">Whether stdin is read where there are no arguments; else there is nothing to send then.</param>
    public MessageInput(bool needed)
    {
        _needed = needed;
        _frames = new Argument<string[]>("frames")
        {
            Description = "The message, a frame each; @file is what the file has, @@ begins a frame with @. "
                + (needed ? "Without them, or with -, each line of stdin is a message." : "With -, each line of stdin is a message."),
            DefaultValueFactory = static _ => [],
        };
    }

    public void AddTo(Command command)
    {
        command.Arguments.Add(_frames);
        command.Options.Add(_interval);
        command.Options.Add(_template);
    }

    public bool Reads(ParseResult result) => result.GetValue(_frames) is [Stdin] || (_needed && result.GetValue(_frames)!.Length == 0);

    public bool IsThere(ParseResult result) => _needed || result.GetValue(_frames)!.Length > 0;

    /// <param name="session">The run.</param>
    /// <param name="result">The command line.</param>
    /// <param name="formats">As what they are read.</param>
    /// <param name="count">How many at most; null for all of stdin, or the arguments once.</param>
    public IAsyncEnumerable<Message> Read(Session session, ParseResult result, FormatOptions formats, long? count)
    {
        MessageFormat format = formats.Read(result);
        TimeSpan? interval = result.GetValue(_interval);
        if (Reads(result))
        {
            if (result.GetValue(_template)) throw new ToolException("--template is for the arguments: what stdin has is sent as it is.");
            return Paced(session, interval, count, formats.IsRaw(result) ? AllOfStdin(session, format, session.Stopping)
                : Lines(session, format, session.Stopping), session.Stopping);
        }

        Message message = format.Read(result.GetValue(_frames)!);
        MessageTemplate? template = result.GetValue(_template) ? new MessageTemplate(message) : null;
        return Paced(session, interval, count ?? (interval is null ? 1 : null), Repeated(message, template), session.Stopping);
    }

    private static async IAsyncEnumerable<Message> Paced(
        Session session, TimeSpan? interval, long? count, IAsyncEnumerable<Message> messages,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (count == 0) yield break;
        long given = 0;
        await foreach (Message message in messages.WithCancellation(cancellationToken))
        {
            if (given > 0 && interval is { } pause) await session.Loop.Delay(pause, cancellationToken);
            yield return message;
            if (++given == count) yield break;
        }
    }

#pragma warning disable CS1998 // there is nothing to wait for: whoever takes them does
    private static async IAsyncEnumerable<Message> Repeated(Message message, MessageTemplate? template)
    {
        for (long number = 1; ; number++) yield return template?.Fill([], number) ?? message;
    }
#pragma warning restore CS1998

    private static async IAsyncEnumerable<Message> Lines(
        Session session, MessageFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long number = 0;
        await foreach (ReadOnlyMemory<byte> line in new InputLines(session.Loop).ReadAsync(cancellationToken))
        {
            number++;
            if (line.IsEmpty && format is not TextFormat) continue;
            yield return Read(format, line.Span, number);
        }
    }

    private static async IAsyncEnumerable<Message> AllOfStdin(
        Session session, MessageFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return format.Read((await new InputLines(session.Loop).ReadAllAsync(cancellationToken)).Span);
    }

    private static Message Read(MessageFormat format, ReadOnlySpan<byte> line, long number)
    {
        try
        {
            return format.Read(line);
        }
        catch (FormatException exception)
        {
            throw new ToolException($"Line {number} of stdin: {exception.Message}");
        }
    }
}
