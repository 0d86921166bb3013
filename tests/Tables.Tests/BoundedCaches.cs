namespace Wharf.Tables.Tests;

/// <summary>What is remembered of callers' keys is found again, and never more than the bound.</summary>
public sealed class BoundedCaches
{
    [Fact]
    public void An_added_value_is_found_and_the_first_value_stays()
    {
        var cache = new BoundedCache<string, string>(10, StringComparer.Ordinal);
        Assert.False(cache.TryGet("a", out _));

        Assert.Equal("1", cache.Add("a", "1"));
        Assert.Equal("1", cache.Add("a", "2"));

        Assert.True(cache.TryGet("a", out string? found));
        Assert.Equal("1", found);
        Assert.False(cache.TryGet("A", out _));
    }

    [Fact]
    public void It_never_keeps_more_than_its_bound_and_goes_on_when_it_was_full()
    {
        var cache = new BoundedCache<int, int>(10);
        for (int n = 0; n < 1000; n++)
        {
            cache.Add(n, -n);
            Assert.True(cache.TryGet(n, out int last) && last == -n);
            Assert.InRange(Enumerable.Range(0, n + 1).Count(key => cache.TryGet(key, out _)), 1, 10);
        }
    }
}
