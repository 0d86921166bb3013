namespace Wharf.Grains.Logs;

/// <summary>
/// Limits the lines that calls can cause at any rate. Of each kind, the first lines are written, then one in each interval. The other lines are counted, and a report at the end of the interval has
/// their number.
/// </summary>
public sealed class LogLimiter
{
    private const string OtherKinds = "";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly int _first;
    private readonly int _maxKinds;
    private readonly TimeSpan _interval;

    /// <summary>Creates a limiter.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="first">The number of lines of a kind that are written before the rate applies.</param>
    /// <param name="interval">The time between two lines of a kind, and between two reports.</param>
    /// <param name="maxKinds">The number of kinds with an own rate. The kinds beyond it share one.</param>
    public LogLimiter(TimeProvider time, int first, TimeSpan interval, int maxKinds)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _first, _interval, _maxKinds) = (time, first, interval, maxKinds);
    }

    /// <summary>Creates a limiter that writes the first line of a kind, then one a minute.</summary>
    /// <param name="time">The clock.</param>
    public LogLimiter(TimeProvider time)
        : this(time, first: 1, TimeSpan.FromMinutes(1), maxKinds: 100)
    {
    }

    /// <summary>Decides about one line.</summary>
    /// <param name="kind">The kind of the line.</param>
    /// <param name="report">Writes the number of the lines of this kind that were not written. The report of the latest such line is called at the end of the interval.</param>
    /// <returns>Whether to write the line.</returns>
    public bool TryTake(string kind, Action<long> report)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(report);
        lock (_lock)
        {
            Kind found = Find(kind);
            found.Allowance = AllowanceOf(found);
            found.Since = _time.GetTimestamp();
            if (found.Allowance >= 1)
            {
                found.Allowance--;
                return true;
            }

            found.Unwritten++;
            found.Report = report;
            found.Timer ??= _time.CreateTimer(state => End((Kind)state!), found, _interval, Timeout.InfiniteTimeSpan);
            return false;
        }
    }

    private double AllowanceOf(Kind kind) => Math.Min(_first, kind.Allowance + (_time.GetElapsedTime(kind.Since) / _interval));

    private Kind Find(string name)
    {
        if (_kinds.TryGetValue(name, out Kind? kind))
            return kind;
        if (_kinds.Count >= _maxKinds)
        {
            foreach (string rested in _kinds.Where(entry => entry.Value.Timer is null && AllowanceOf(entry.Value) >= _first).Select(static entry => entry.Key).ToArray())
                _kinds.Remove(rested);
            if (_kinds.Count >= _maxKinds && !_kinds.TryGetValue(name = OtherKinds, out kind))
                return _kinds[OtherKinds] = New();
            if (kind is not null)
                return kind;
        }

        return _kinds[name] = New();
    }

    private Kind New() => new() { Allowance = _first, Since = _time.GetTimestamp() };

    private void End(Kind kind)
    {
        long unwritten;
        Action<long> report;
        lock (_lock)
        {
            (unwritten, report) = (kind.Unwritten, kind.Report!);
            kind.Timer!.Dispose();
            (kind.Unwritten, kind.Report, kind.Timer) = (0, null, null);
        }

        report(unwritten);
    }

    private sealed class Kind
    {
        public double Allowance { get; set; }

        public long Since { get; set; }

        public long Unwritten { get; set; }

        public Action<long>? Report { get; set; }

        public ITimer? Timer { get; set; }
    }
}
