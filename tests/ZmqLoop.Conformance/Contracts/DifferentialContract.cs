namespace ZmqLoop.Conformance;

/// <summary>The same random life of the same sockets, under two pollers: they must see the same.</summary>
public abstract class DifferentialContract(EngineUnderTest first, EngineUnderTest second)
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Both_pollers_report_the_same_readiness(int seed)
    {
        using World one = new(first);
        using World other = new(second);
        Random random = new(seed);
        List<string> history = [];
        for (int step = 0; step < 200; step++)
        {
            (int operation, int socket, int argument) = (random.Next(World.Operations), random.Next(World.Count), random.Next(8));
            history.Add($"{operation}({socket}, {argument})");
            one.Do(operation, socket, argument);
            other.Do(operation, socket, argument);
            if (random.Next(3) == 0) continue;
            (string seen, string seenByOther) = (one.Look(), other.Look());
            Assert.True(seen == seenByOther, $"{one} sees '{seen}', {other} '{seenByOther}' after {string.Join(", ", history)}");
        }
    }

    private sealed class World : IDisposable
    {
        public const int Count = 6;
        public const int Operations = 10;

        private static int _endpoints; // NetMQ has one set of names for all

        private readonly ZMQEngine _engine;
        private readonly IPoller _poller;
        private readonly ReadyList _ready = new();
        private readonly (ZMQSocket Watched, ZMQSocket Peer)[] _pairs = new (ZMQSocket, ZMQSocket)[Count];

        public World(EngineUnderTest subject)
        {
            _engine = subject.CreateEngine();
            _poller = subject.CreatePoller(_engine);
            for (int i = 0; i < Count; i++) Open(i);
        }

        public void Do(int operation, int index, int argument)
        {
            (ZMQSocket watched, ZMQSocket peer) = _pairs[index];
            switch (operation)
            {
                case 0: peer.TrySend(new Message("a", "b")); break;
                case 1: watched.TryReceive(out _); break;
                case 2: Drain(watched); break;
                case 3: _ = watched.Events; break;
                case 4: watched.Linger = TimeSpan.Zero; break;
                case 5: watched.TrySend(new Message("c")); break;
                case 6: Drain(peer); break;
                case 7: _poller.Modify(watched, (IOEvents)(argument & 5)); break;
                case 8:
                    _poller.Unregister(watched);
                    _poller.Register(watched, (IOEvents)(argument & 5), index);
                    break;
                default:
                    if (argument == 0) Replace(index);
                    break;
            }
        }

        /// <summary>What is ready; looked at several times, since a poller may serve what it knows before it asks for more.</summary>
        public string Look()
        {
            SortedSet<string> seen = [];
            for (int i = 0; i < 20; i++)
            {
                if (i == 17) seen.Clear();
                _ready.Clear();
                _poller.Poll(TimeSpan.Zero, _ready);
                foreach (ReadySource source in _ready.Items) seen.Add($"{source.State} {source.Events}");
            }

            return string.Join("; ", seen);
        }

        public override string ToString() => $"{_poller}";

        public void Dispose()
        {
            foreach ((ZMQSocket watched, ZMQSocket peer) in _pairs)
            {
                watched.Dispose();
                peer.Dispose();
            }

            _poller.Dispose();
            _engine.Dispose();
        }

        private void Open(int index)
        {
            string endpoint = $"inproc://differential-{_endpoints++}";
            ZMQSocket watched = _engine.CreateSocket(SocketType.Dealer);
            ZMQSocket peer = _engine.CreateSocket(SocketType.Dealer);
            foreach (ZMQSocket socket in (ZMQSocket[])[watched, peer]) socket.SendHighWaterMark = socket.ReceiveHighWaterMark = 2;
            watched.Bind(endpoint);
            peer.Connect(endpoint);
            _poller.Register(watched, IOEvents.Read, index);
            _pairs[index] = (watched, peer);
        }

        private void Replace(int index)
        {
            _pairs[index].Watched.Close(TimeSpan.Zero);
            _pairs[index].Peer.Close(TimeSpan.Zero);
            Open(index);
        }

        private static void Drain(ZMQSocket socket)
        {
            while (socket.TryReceive(out _))
            {
            }
        }
    }
}
