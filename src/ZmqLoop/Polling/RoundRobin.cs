namespace ZmqLoop.Polling;

/// <summary>Who is first: another one each time, so that nobody is always the last.</summary>
internal struct RoundRobin
{
    private uint _turn;

    /// <summary>The indexes of all, beginning with the next one.</summary>
    public Order Next(int count) => new(count == 0 ? 0 : (int)(_turn++ % (uint)count), count);

    /// <summary>From one index up to the last, and on from zero.</summary>
    public struct Order(int first, int count)
    {
        private int _passed;

        public int Current { get; private set; } = first - 1;

        public readonly Order GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_passed++ == count) return false;
            if (++Current == count) Current = 0;
            return true;
        }
    }
}
