using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Sockets;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Running;

/// <summary>One run of a command: its engine and loop, what ends it, and what it ends with.</summary>
internal sealed class Session : IDisposable
{
    private readonly bool _quiet;
    private readonly bool _verbose;
    private readonly ToolLog _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IDisposable> _opened = [];
    private Authenticator? _authenticator;
    private int _signal;
    private Task<int> _work = Task.FromResult(ExitCode.Done);

    private Session(ParseResult result)
    {
        _quiet = result.GetValue(SessionOptions.Quiet);
        _verbose = result.GetValue(SessionOptions.Verbose);
        _log = new ToolLog(_verbose ? LogLevel.Debug : LogLevel.Warning);
        Engine = Engines.Create(result.GetValue(SessionOptions.Engine)!, _log);
        Loop = new ZMQIOLoop(Engine, new IOLoopOptions { LoggerFactory = _log, Name = "zmqloop" });
        Output = new StandardOutput(Loop);
        Output.Broken.UnsafeRegister(static session => ((Session)session!)._stopping.Cancel(), this);
    }

    public ZMQEngine Engine { get; }

    public ZMQIOLoop Loop { get; }

    public StandardOutput Output { get; }

    /// <summary>Cancelled by a signal, and when nobody reads stdout any more: from then on the command ends, cleanly.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether somebody sees how far long work has come.</summary>
    public bool ShowsProgress => !_quiet && !Console.IsErrorRedirected;

    /// <summary>That of the session's engine, running.</summary>
    public Authenticator Authenticator
    {
        get
        {
            if (_authenticator is null)
            {
                _authenticator = new Authenticator(Loop, Engine, _log.CreateLogger("zmqloop"));
                _authenticator.Start();
            }

            return _authenticator;
        }
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(ParseResult result, Func<Session, Task<int>> work)
    {
        bool verbose = result.GetValue(SessionOptions.Verbose);
        try
        {
            using Session session = new(result);
            return session.Run(work);
        }
        catch (Exception exception)
        {
            return Failure.Report(exception, verbose);
        }
    }

    /// <summary>What is to be closed with the session, whatever happens.</summary>
    public void Opened(IDisposable stream) => _opened.Add(stream);

    /// <summary>Tells the user something that is no error.</summary>
    public void Note(string text)
    {
        if (!_quiet) ErrorLine.Note(text);
    }

    /// <summary>Tells the user something that is to be heeded.</summary>
    public void Warn(string text) => ErrorLine.Note(text);

    public void Dispose()
    {
        foreach (IDisposable opened in _opened)
        {
            if (!_work.IsCompleted && opened is ZMQStream stream) stream.Close(TimeSpan.Zero); // the second signal: nothing is waited for
            opened.Dispose();
        }

        _authenticator?.Dispose();
        Loop.Dispose();
        Engine.Dispose();
        Output.Dispose();
        _log.Dispose();
        _stopping.Dispose();
    }

    private int Run(Func<Session, Task<int>> work)
    {
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => _signal = 2);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => _signal = 15);
        Loop.StopOnSignals(async () =>
        {
            await _stopping.CancelAsync();
            await _work;
        });
        Loop.AddCallback(async () =>
        {
            _work = WorkAsync(work);
            await _work;
            Loop.Stop();
        });
        Loop.Start();
        int exitCode = _work.IsCompletedSuccessfully ? _work.Result : ExitCode.Done;
        return _signal != 0 ? ExitCode.BySignal(_signal) : exitCode;
    }

    private async Task<int> WorkAsync(Func<Session, Task<int>> work)
    {
        int exitCode;
        try
        {
            exitCode = await work(this);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            exitCode = ExitCode.Done;
        }
        catch (Exception exception)
        {
            exitCode = Failure.Report(exception, _verbose);
        }

        await Output.FinishAsync();
        if (Output.Error is null) return exitCode;
        ErrorLine.Write($"stdout cannot be written, and what came is lost: {Output.Error}");
        return ExitCode.Failed;
    }
}
