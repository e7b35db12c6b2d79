using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Wire;

/// <summary>Strangers connect to sockets of every type and mechanism; a healthy client asks all the time.</summary>
internal static class ServersCase
{
    private const int WarmUp = 60;
    private const int SubscribersAtOnce = 50;

    public static Task Run(Arena arena)
    {
        Campaign campaign = new(arena);
        try
        {
            campaign.Warm(arena.Or(WarmUp, 5));
            campaign.Attack();
            campaign.Conclude();
        }
        finally
        {
            campaign.Dispose();
        }

        return Task.CompletedTask;
    }

    private sealed class Campaign : IDisposable
    {
        private readonly Arena _arena;
        private readonly ZMQEngine _engine;
        private readonly Stranger[] _lanes;
        private readonly Lock _gate = new();
        private ServiceProcess _service;
        private HealthyClient _healthy;
        private long _answers;
        private TimeSpan _slowest;
        private long _sent;

        public Campaign(Arena arena)
        {
            _arena = arena;
            _engine = arena.CreateEngine();
            _service = ServiceProcess.Start(arena.Engine, "targets");
            _healthy = new HealthyClient(_engine, $"tcp://127.0.0.1:{_service.Ports["healthy"]}");
            _lanes = [.. _service.Ports.Keys.Where(IsAttacked)
                .SelectMany((name, number) => StrangersOf(name, number, arena))];
        }

        public void Warm(int each)
        {
            Go(sent => sent < each * _lanes.Length);
            _sent = 0;
            _arena.BeginMeasuring(_service.Footprint);
        }

        public void Attack() => Go(_arena.GoesOn);

        public void Conclude()
        {
            Outcome result = _arena.Result;
            result.Count = _sent;
            if (!_healthy.IsAnswered())
            {
                result.Hung++;
                _arena.Fail("The healthy client got no answer at the end.");
            }

            CountClient();
            if (result.Crashed == 0)
            {
                _arena.EndMeasuring(_service.Footprint);
                ServiceState state = _service.Ask();
                result.LetIn += state.Received.GetValueOrDefault("PLAIN") + state.Received.GetValueOrDefault("CURVE");
                if (Sodium.IsThere && _lanes.Any(static lane => lane is CurveStranger))
                    result.Note += $"{state.Received.GetValueOrDefault("INSIDE")} messages behind CURVE's handshake; ";
                if (state.Reported > 0) result.Note += $"{state.Reported} reports, the last {First(state.LastReport)}; ";
            }

            result.Note += $"{_lanes.Sum(static lane => lane.Answers)} kinds of answers,"
                + $" {_lanes.Sum(static lane => lane.Killing)} of the killing kinds;"
                + $" {_answers} healthy answers, the slowest after {_slowest.TotalMilliseconds:0} ms";
        }

        public void Dispose()
        {
            _healthy.Dispose();
            _service.Dispose();
            _engine.Dispose();
        }

        private static bool IsAttacked(string target) => target != "healthy";

        /// <summary>A CURVE server gets one more, who speaks it by hand, and the one for friends gets him alone.</summary>
        private static IEnumerable<Stranger> StrangersOf(string target, int number, Arena arena)
        {
            if (target != "INSIDE") yield return new Lane(target, arena.RandomFor(number));
            if (target is "INSIDE" or "CURVE" && Sodium.IsThere)
                yield return new CurveStranger(target, isFriend: target == "INSIDE", arena.RandomFor(100 + number));
        }

        private static string First(string text) => text.Split('\n')[0].Trim();

        private void Go(Func<long, bool> goesOn)
        {
            Thread[] threads = [.. _lanes.Select(lane => new Thread(() => Go(lane, goesOn)) { IsBackground = true })];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
        }

        private void Go(Stranger lane, Func<long, bool> goesOn)
        {
            for (int i = 0; goesOn(Interlocked.Read(ref _sent)) && _arena.Result.Crashed < 10; i++)
            {
                ServiceProcess service = _service;
                if (IsSlowToLeave(lane) && i % SubscribersAtOnce == 0) _healthy.IsAnswered();
                try
                {
                    lane.Attack(service.Port(lane.Target));
                }
                catch (TimeoutException exception)
                {
                    lock (_gate) _arena.Result.Hung++;
                    _arena.Fail(exception.Message);
                }
                catch (System.Net.Sockets.SocketException)
                {
                    // Nobody listens there: has it ended?
                }

                Interlocked.Increment(ref _sent);
                if (service.HasExited) Replace(service);
            }
        }

        /// <summary>For each subscriber that leaves, libzmq walks through all topics of those that have left before, too, and that its
        /// publisher has not come to yet: who does not wait for that stops it (docs/upstream.md). That is known, and not looked for.
        /// </summary>
        private bool IsSlowToLeave(Stranger lane) => !_arena.IsNetMQ && lane.Target is "PUB" or "XPUB";

        /// <summary>A service that ended is a fault; there is another one, and it goes on.</summary>
        private void Replace(ServiceProcess ended)
        {
            lock (_gate)
            {
                if (_service != ended) return;
                _arena.Result.Crashed++;
                _arena.Fail($"The service ended: {ended.Errors}");
                _arena.Keep($"end-{_arena.Result.Crashed}", _lanes.SelectMany(static lane => lane.Last));
                CountClient();
                _healthy.Dispose();
                _service = ServiceProcess.Start(_arena.Engine, "targets");
                _healthy = new HealthyClient(_engine, $"tcp://127.0.0.1:{_service.Ports["healthy"]}");
                ended.Dispose();
            }
        }

        private void CountClient()
        {
            _answers += _healthy.Answers;
            if (_healthy.Slowest > _slowest) _slowest = _healthy.Slowest;
        }
    }
}
