namespace Wharf.Bench;

/// <summary>The durations of repeated operations, in microseconds.</summary>
internal sealed class Durations
{
    private readonly List<double> _all = [];

    public int Count => _all.Count;

    /// <summary>The median.</summary>
    public double P50 => At(50);

    public double P99 => At(99);

    public double Longest => At(100);

    public void Add(TimeSpan duration) => _all.Add(duration.TotalMicroseconds);

    public void Add(Durations others) => _all.AddRange(others._all);

    public void Clear() => _all.Clear();

    private double At(int percent)
    {
        _all.Sort();
        return _all[Math.Min(_all.Count - 1, _all.Count * percent / 100)];
    }
}
