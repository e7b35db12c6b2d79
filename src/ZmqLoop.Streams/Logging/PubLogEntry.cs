using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams;

/// <summary>What a formatter of <see cref="PubLoggerOptions"/> makes a text of.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Category">Whose logger.</param>
/// <param name="EventId">Its number and name.</param>
/// <param name="Message">The message with its values filled in.</param>
/// <param name="Exception">What was thrown; or null.</param>
/// <param name="Scopes">The scopes in force, outermost first; empty unless <see cref="PubLoggerOptions.IncludeScopes"/>.</param>
public sealed record PubLogEntry(LogLevel Level, string Category, EventId EventId, string Message, Exception? Exception,
    IReadOnlyList<string> Scopes)
{
    /// <summary>Python's name of the level: <c>DEBUG</c>, <c>INFO</c>, <c>WARNING</c>, <c>ERROR</c>, <c>CRITICAL</c>; and <c>TRACE</c>,
    /// which Python has not.</summary>
    public string LevelName => NameOf(Level);

    /// <summary>pyzmq's formats: the message alone for <see cref="LogLevel.Information"/>, else with level and category; scopes before it,
    /// the exception after it, and a line feed.</summary>
    public override string ToString()
    {
        string message = string.Concat(Scopes.Select(static scope => $"=> {scope} ")) + Message;
        string line = Level == LogLevel.Information ? message : $"{LevelName} {Category} - {message}";
        return Exception is null ? line + "\n" : $"{line}\n{Exception}\n";
    }

    internal static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        _ => "CRITICAL",
    };
}
