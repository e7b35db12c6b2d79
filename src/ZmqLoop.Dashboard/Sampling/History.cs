namespace ZmqLoop.Dashboard;

/// <summary>The last minute of a number, a value a second.</summary>
internal sealed class History
{
    private const int Length = 60;

    private float[]? _values; // null while all are zero: there are many of these, and most streams are idle
    private int _count;

    public void Add(double value)
    {
        if (value != 0) _values ??= new float[Length];
        if (_values is not null) _values[_count % Length] = (float)value;
        _count++;
    }

    /// <summary>The latest last.</summary>
    public IReadOnlyList<double> ToArray()
    {
        int length = Math.Min(_count, Length);
        double[] values = new double[length];
        for (int i = 0; i < length && _values is not null; i++) values[i] = Math.Round(_values[(_count - length + i) % Length], 3);
        return values;
    }
}
