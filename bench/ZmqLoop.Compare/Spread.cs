namespace ZmqLoop.Compare;

/// <summary>The median of some figures, and how far they lie apart.</summary>
internal readonly record struct Spread(double Min, double Median, double Max)
{
    /// <summary>Of an even number of figures, the median is the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Spread Of(IEnumerable<double> figures)
    {
        double[] sorted = Sorted(figures);
        int middle = sorted.Length / 2;
        return new Spread(sorted[0], sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[^1]);
    }

    /// <summary>The middle half of the figures: the greatest of it by the least. Without the outliers on either side, which a median does
    /// not feel.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double OfMiddleHalf(IEnumerable<double> figures)
    {
        double[] sorted = Sorted(figures);
        int outside = sorted.Length / 4;
        return sorted[^(1 + outside)] / sorted[outside];
    }

    private static double[] Sorted(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted.Length > 0 ? sorted : throw new ArgumentException("There are no figures to take a median of.", nameof(figures));
    }
}
