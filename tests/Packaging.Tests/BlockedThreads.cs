using Wharf.Silo.Start;

namespace Wharf.Packaging.Tests;

/// <summary>The replacement of thread-pool threads that handlers block.</summary>
public sealed class BlockedThreads
{
    [Fact]
    public void A_replacement_raises_the_minimum_of_the_thread_pool_until_it_is_removed()
    {
        var replacement = new ThreadPoolReplacement();
        ThreadPool.GetMinThreads(out var before, out var ports);

        replacement.Add();
        replacement.Add();
        Assert.Equal((before + 2, ports), Minimum());

        replacement.Remove();
        replacement.Remove();
        Assert.Equal((before, ports), Minimum());
    }

    private static (int Workers, int Ports) Minimum()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        return (workers, ports);
    }
}
