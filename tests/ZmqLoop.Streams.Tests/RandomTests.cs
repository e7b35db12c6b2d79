namespace ZmqLoop.Streams.Tests;

/// <summary>Everything a stream can do, in orders that nobody would think of: no message is lost, doubled or out of order, and each send is
/// told its end once.</summary>
public sealed class RandomTests
{
    [Theory]
    [InlineData(SocketType.Dealer, 1)]
    [InlineData(SocketType.Dealer, 2)]
    [InlineData(SocketType.Router, 3)]
    [InlineData(SocketType.Router, 4)]
    public void Nothing_is_lost_doubled_or_out_of_order_whatever_is_done_in_whatever_order(SocketType type, int seed)
    {
        for (int run = 0; run < 250; run++)
        {
            Run random = new(type, (seed * 1_000) + run);
            try
            {
                random.Play();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{type}, seed {random.Seed}: {exception.Message}\n{string.Join('\n', random.Steps)}",
                    exception);
            }
        }
    }

    private sealed class Run(SocketType type, int seed)
    {
        private static readonly string[] _peers = ["a", "b", "c"];

        private readonly Random _random = new(seed);
        private readonly List<int> _received = [];
        private readonly List<(string Message, Task Task)> _tasks = [];
        private readonly Dictionary<string, List<string>> _ends = [];
        private readonly List<CancellationTokenSource> _cancels = [];
        private readonly List<TaskCompletionSource> _gates = [];
        private StreamWorld _world = null!;
        private int _arrived;
        private int _sends;
        private int _closed;
        private bool _closes;
        private bool _settled;

        public int Seed => seed;

        public List<string> Steps { get; } = [];

        private ZMQStream Stream => _world.Stream;

        public void Play()
        {
            _closes = _random.Next(3) == 0;
            _world = new StreamWorld(Options(), type);
            using StreamWorld world = _world;
            world.Socket.AlwaysSaysWritable = type == SocketType.Router;
            Stream.SetCloseCallback(() => _closed++);
            Stream.OnSend((message, error) => End(message.Text(), error));
            for (int i = 0; i < 60; i++) world.Loop.CallLater(i * 0.01, Step);
            world.Loop.CallLater(1, Settle);
            world.Run();
            CloseTheBooks();
        }

        private ZMQStreamOptions Options() => new()
        {
            MessagesPerTurn = _random.Next(1, 6),
            MaxConcurrency = 1, // in order
            SendQueueLimit = _random.Next(2) == 0 ? int.MaxValue : _random.Next(1, 8),
            MaxQueuedPerPeer = type == SocketType.Router && _random.Next(2) == 0 ? _random.Next(1, 4) : int.MaxValue,
            SendQueueFullMode = (SendQueueFullMode)_random.Next(Enum.GetValues<SendQueueFullMode>().Length),
            ErrorPolicy = _random.Next(3) == 0 ? StreamErrorPolicy.Pause : StreamErrorPolicy.Continue,
        };

        private void Step()
        {
            if (Stream.IsClosed) return;
            int what = _random.Next(_closes ? 17 : 16);
            Steps.Add($"{what}");
            switch (what)
            {
                case 0 or 1 or 2: Arrive(_random.Next(1, 5)); break;
                case 3: Listen(copy: false); break;
                case 4: Listen(copy: true); break;
                case 5: ListenAsync(); break;
                case 6: Stream.StopOnRecv(); break;
                case 7: Ask(); break;
                case 8: Stream.Flush((IOEvents)(_random.Next(8) & 5), _random.Next(3) == 0 ? null : _random.Next(1, 4)); break;
                case 9 or 10: Send(); break;
                case 11: SendAsync(); break;
                case 12: SetRoom(); break;
                case 13: Cancel(); break;
                case 14: OpenGate(); break;
                case 15: Stream.ClearSendQueue(); break;
                default: Close(); break;
            }
        }

        private void Arrive(int count)
        {
            for (int i = 0; i < count; i++) _world.Socket.Arrive($"{_arrived++}");
        }

        private void Listen(bool copy) => Try(() => Stream.OnRecv(
            message =>
            {
                Note(message);
                Inside();
            },
            copy));

        private void ListenAsync() => Try(() => Stream.OnRecv(async message =>
        {
            Note(message);
            TaskCompletionSource gate = new();
            if (!_settled && _random.Next(2) == 0) _gates.Add(gate);
            else _world.Loop.AddCallback(gate.SetResult);
            await gate.Task;
            Inside();
        }));

        /// <summary>What callbacks do: send, stop, flush, listen otherwise, throw.</summary>
        private void Inside()
        {
            if (Stream.IsClosed) return;
            switch (_random.Next(8))
            {
                case 0: Send(); break;
                case 1: Stream.StopOnRecv(); break;
                case 2: Assert.InRange(Stream.Flush(), 0, int.MaxValue); break;
                case 3: Listen(copy: true); break;
                case 4: throw StreamWorld.Oops;
                case 5: SetRoom(); break;
                default: break;
            }
        }

        private void Ask()
        {
            CancellationTokenSource cancel = new();
            _cancels.Add(cancel);
            if (_random.Next(4) == 0) _world.Socket.OnReceive = cancel.Cancel; // in the very moment
            Try(() => { _ = ReceiveAsync(cancel); });
        }

        private async Task ReceiveAsync(CancellationTokenSource cancel)
        {
            try
            {
                Note(await (_random.Next(2) == 0 ? Stream.ReceiveAsync(cancel.Token)
                    : Stream.ReceiveAsync(TimeSpan.FromSeconds(0.05), cancel.Token)));
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or TimeoutException)
            {
                Steps.Add(exception.GetType().Name);
            }
        }

        private Message Next()
        {
            string number = $"{_sends++}";
            Message message = type == SocketType.Router ? new Message(_peers[_random.Next(3)], number) : new Message(number);
            _ends.Add(message.Text(), []);
            return message;
        }

        private void Send()
        {
            Message message = Next();
            Action<Message, Exception?>? callback = _random.Next(2) == 0 ? null : (sent, error) =>
            {
                End(sent.Text(), error);
                if (_random.Next(6) == 0) throw StreamWorld.Oops;
            };
            try
            {
                if (_random.Next(3) == 0) Stream.Send(message, TimeSpan.FromMilliseconds(_random.Next(1, 50)), callback);
                else Stream.Send(message, callback);
            }
            catch (MessageNotSentException refused)
            {
                End(message.Text(), refused); // at the call
            }
        }

        private void SendAsync()
        {
            Message message = Next();
            CancellationTokenSource cancel = new();
            _cancels.Add(cancel);
            _tasks.Add((message.Text(), _random.Next(2) == 0 ? Stream.SendAsync(message, cancel.Token)
                : Stream.SendAsync(message, TimeSpan.FromMilliseconds(_random.Next(1, 50)), cancel.Token)));
        }

        private void SetRoom()
        {
            if (_settled) return;
            _world.Socket.Room = _random.Next(4) == 0 ? 0 : _random.Next(1, 20);
            if (type != SocketType.Router) return;
            _world.Socket.FullPeers.Clear();
            foreach (string peer in _peers.Where(_ => _random.Next(3) == 0)) _world.Socket.FullPeers.Add(peer);
        }

        private void Cancel()
        {
            if (_cancels.Count > 0) _cancels[_random.Next(_cancels.Count)].Cancel();
        }

        private void OpenGate()
        {
            if (_gates.Count > 0) _gates[_random.Next(_gates.Count)].TrySetResult();
        }

        private void Close()
        {
            if (_random.Next(2) == 0) Stream.Close();
            else _ = Stream.CloseAsync(TimeSpan.FromSeconds(_random.NextDouble()));
        }

        private void Note(Message message) => _received.Add(int.Parse(message.Text(), System.Globalization.CultureInfo.InvariantCulture));

        private void End(string message, Exception? error) => _ends[message].Add(error?.GetType().Name ?? "sent");

        private static void Try(Action register)
        {
            try
            {
                register();
            }
            catch (InvalidOperationException)
            {
                // A callback and receives that wait do not mix.
            }
        }

        /// <summary>Everybody gets what he waits for.</summary>
        private void Settle()
        {
            _settled = true;
            _world.Socket.Room = int.MaxValue;
            _world.Socket.FullPeers.Clear();
            _world.Socket.OnReceive = null;
            foreach (CancellationTokenSource cancel in _cancels) cancel.Cancel();
            foreach (TaskCompletionSource gate in _gates) gate.TrySetResult();
        }

        private void CloseTheBooks()
        {
            StreamWorld world = _world;
            bool closed = Stream.IsClosed;
            if (!closed)
            {
                Stream.StopOnRecv();
                Stream.OnRecv(Note);
                world.Run();
                Assert.Equal(0, Stream.SendQueueLength);
                Stream.Close();
            }

            world.Run();
            Assert.Equal(1, _closed);
            Assert.Equal(Enumerable.Range(0, closed ? _received.Count : _arrived), _received);
            foreach ((string message, Task task) in _tasks)
            {
                Assert.True(task.IsCompleted, $"{message} has no end");
                _ends[message].Add(task.IsCompletedSuccessfully ? "sent"
                    : task.IsCanceled ? "cancelled" : task.Exception!.InnerException!.GetType().Name);
            }

            Assert.All(_ends, static message => Assert.Single(message.Value));
            Assert.Equal(_ends.Where(static message => message.Value[0] == "sent").Select(static message => message.Key).Order(),
                world.Socket.Outbox.Order());
            foreach (IGrouping<string, string> peer in world.Socket.Outbox.GroupBy(static text =>
                text.Contains('|', StringComparison.Ordinal) ? text[..1] : ""))
                Assert.Equal(peer.OrderBy(Number), peer);
            Assert.All(world.Loop.Errors, static error => Assert.Same(StreamWorld.Oops, error.Exception));
            foreach (CancellationTokenSource cancel in _cancels) cancel.Dispose();
        }

        private static int Number(string text) =>
            int.Parse(text[(text.IndexOf('|', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
