namespace ZmqLoop.Dashboard;

/// <summary>The last minute of a number, a value a second.</summary>
internal sealed class History
{
    private const int Length = 60;

    private float[]? _values; // there are many of these, and some are never asked for
    private int _count;

    public void Add(double value) => (_values ??= new float[Length])[_count++ % Length] = (float)value;

    /// <summary>The latest last.</summary>
    public IReadOnlyList<double> ToArray()
    {
        int length = Math.Min(_count, Length);
        double[] values = new double[length];
        for (int i = 0; i < length; i++) values[i] = Math.Round(_values![(_count - length + i) % Length], 3);
        return values;
    }
}
