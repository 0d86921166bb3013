namespace Wharf.Grains.Sessions;

/// <summary>A set of ids, stored as intervals: ids that are released in the order of their creation take a constant amount of memory.</summary>
internal sealed class IdIntervals
{
    private readonly List<Interval> _intervals = [];

    /// <summary>The number of intervals.</summary>
    public int Count => _intervals.Count;

    public bool Contains(int id)
    {
        var at = LastStartingAtOrBefore(id);
        return at >= 0 && _intervals[at].End >= id;
    }

    public void Add(int id)
    {
        var at = LastStartingAtOrBefore(id);
        if (at >= 0 && _intervals[at].End >= id)
            return;

        // The sums are 64 bits wide, because the ends of the range have no neighbour.
        var touchesLeft = at >= 0 && (long)_intervals[at].End + 1 == id;
        var touchesRight = at + 1 < _intervals.Count && (long)id + 1 == _intervals[at + 1].Start;
        switch (touchesLeft, touchesRight)
        {
            case (true, true):
                _intervals[at] = new Interval(_intervals[at].Start, _intervals[at + 1].End);
                _intervals.RemoveAt(at + 1);
                break;
            case (true, false):
                _intervals[at] = new Interval(_intervals[at].Start, id);
                break;
            case (false, true):
                _intervals[at + 1] = new Interval(id, _intervals[at + 1].End);
                break;
            default:
                _intervals.Insert(at + 1, new Interval(id, id));
                break;
        }
    }

    public void Clear()
    {
        _intervals.Clear();
        _intervals.TrimExcess();
    }

    private int LastStartingAtOrBefore(int id)
    {
        var low = 0;
        var high = _intervals.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_intervals[middle].Start <= id)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return high;
    }

    private readonly record struct Interval(int Start, int End);
}
