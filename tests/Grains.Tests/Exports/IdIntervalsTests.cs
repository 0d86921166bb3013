using CsCheck;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Tests.Exports;

public sealed class IdIntervalsTests
{
    [Fact]
    public void It_is_a_set() => Gen.Int[-20, 20].Array[0, 60].Sample(ids =>
    {
        var intervals = new IdIntervals();
        var set = new SortedSet<int>();
        foreach (var id in ids)
        {
            intervals.Add(id);
            set.Add(id);
        }

        var runs = set.Count(id => !set.Contains(id - 1));
        return intervals.Count == runs && Enumerable.Range(-22, 45).All(id => intervals.Contains(id) == set.Contains(id));
    });

    [Fact]
    public void The_ends_of_the_range_are_ids_like_others()
    {
        var intervals = new IdIntervals();
        foreach (var id in new[] { int.MinValue, int.MaxValue, int.MinValue + 1, int.MaxValue - 1 })
            intervals.Add(id);
        Assert.Equal(2, intervals.Count);
        Assert.True(intervals.Contains(int.MaxValue));
        Assert.False(intervals.Contains(0));
    }

    [Fact]
    public void Ids_in_a_row_are_one_interval()
    {
        var intervals = new IdIntervals();
        for (var id = 1; id <= 1_000_000; id++)
            intervals.Add(id);
        Assert.Equal(1, intervals.Count);
    }
}
