using System.Text.Json;
using Microsoft.Extensions.Logging;
using TaskService.Workers;
using ZmqLoop;
using ZmqLoop.Streams;

namespace TaskService.Service;

/// <summary>The front: takes requests in, puts each into its contexts, and sends the replies.</summary>
internal sealed class TaskServer : IDisposable
{
    private const int MostAnswersWaiting = 10_000; // for one client

    private readonly IOLoop _loop;
    private readonly ServiceOptions _options;
    private readonly ILogger _logger;
    private readonly ErrorLog _errors;
    private readonly ZMQStream _front;
    private readonly ConnectionLog _connections;
    private readonly ProgressPublisher _progress;
    private readonly Operations _operations;
    private long _accepted;
    private int _inFlight;
    private TaskCompletionSource? _idle; // ends with the last request in flight

    public TaskServer(IOLoop loop, ServiceOptions options, WorkerClient worker, ILoggerFactory logs)
    {
        _loop = loop;
        _options = options;
        _logger = logs.CreateLogger("TaskService.Server");
        _errors = new ErrorLog(_logger);
        _operations = new Operations(loop, worker, (request, result) => Answer(request, new TaskReply(request.Id, Ok: true, result)));
        _progress = new ProgressPublisher(loop, options.Progress, options.ProgressEvery);
        _front = new ZMQStream(ZMQSocket.Create(SocketType.Router), loop, new ZMQStreamOptions
        {
            MaxQueuedPerPeer = MostAnswersWaiting,
            SendQueueFullMode = SendQueueFullMode.DropWrite, // a client that does not read loses answers of its own
        });
        _front.Set(ZMQSocketOptions.MaxMsgSize, 4L * options.MaxBody); // beyond any answer: the connection is dropped
        LimitHandshakes();
        _connections = new ConnectionLog(loop, _front.Socket, _errors);
        _front.Bind(options.Front);
        _front.OnRecv(Accept, copy: false); // the body is read where it lies, and only until Accept returns
    }

    public string FrontEndpoint => _front.Socket.LastEndpoint;

    public string ProgressEndpoint => _progress.Endpoint;

    /// <summary>Serves what has come, finishes the requests in flight within their deadlines, and closes what it has opened.</summary>
    public async Task FinishAsync()
    {
        _logger.LogInformation("draining: {InFlight} requests are in flight", _inFlight);
        await _front.FinishAsync(_options.DrainLimit, EndRequestsAsync);
        await _progress.StopAsync(_options.DrainLimit);
        _logger.LogInformation("stopped after {Accepted} requests", _accepted);
    }

    public void Dispose()
    {
        _connections.Dispose();
        _front.Dispose();
        _progress.Dispose();
    }

    /// <summary>Who does not speak ZeroMQ soon is dropped; NetMQ keeps the connection of somebody who says nothing.</summary>
    private void LimitHandshakes()
    {
        try
        {
            _front.Set(ZMQSocketOptions.HandshakeIvl, TimeSpan.FromSeconds(2));
        }
        catch (ZMQException exception) when (exception.Code == ZMQErrorCode.NotSupported)
        {
            _logger.LogInformation("{Reason}", exception.Message);
        }
    }

    private void Accept(Message message)
    {
        Request request = new(RequestReader.FindEnvelope(message), ++_accepted);
        _inFlight++;

        // Whatever this request leads to runs inside these two, on all its ways: the scope outside, so that the handler's log lines have
        // it.
        StackContext scope = new(() => _logger.BeginScope(request));
        ExceptionStackContext errors = new(error => AnswerError(request, error));
        scope.Run(() => errors.Run(() =>
        {
            TaskRequest task = RequestReader.Read(message, request, _options.MaxBody);
            request.Deadline = _loop.CallLater(_options.Deadline,
                () => throw new ServiceException("timeout", $"It took longer than {_options.Deadline.TotalSeconds} s."));
            _operations.Start(request, task);
        }));
    }

    private bool AnswerError(Request request, Exception error)
    {
        if (request.IsAnswered) return true; // it went on after its deadline
        string kind = (error as ServiceException)?.Kind ?? (request.Stage == Stage.Accepted ? "failure" : "late_failure");
        _errors.Add(kind, error);
        Answer(request, new TaskReply(request.Id, Ok: false, Error: new TaskError(kind, error.Message)));
        return true;
    }

    private void Answer(Request request, TaskReply reply)
    {
        if (request.IsAnswered) return;
        request.IsAnswered = true;
        if (!request.Deadline.IsNone) _loop.RemoveTimeout(request.Deadline);
        _front.Send(request.Envelope.Append(Frame.Own(JsonSerializer.SerializeToUtf8Bytes(reply, ServiceJson.Default.TaskReply))));
        _inFlight--;
        _progress.Answered(reply.Error?.Kind, _inFlight);
        if (_inFlight == 0) _idle?.TrySetResult();
    }

    /// <summary>Each request in flight ends with its answer, or its deadline.</summary>
    private async Task EndRequestsAsync()
    {
        if (_inFlight > 0)
        {
            _idle = new TaskCompletionSource();
            await Task.WhenAny(_idle.Task, _loop.Delay(_options.DrainLimit));
            if (_inFlight > 0) _logger.LogWarning("{InFlight} requests did not end in time", _inFlight);
        }

        _errors.Summarise();
    }
}
