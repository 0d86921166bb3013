using Grpc.Core;
using Wharf.Client;

namespace Wharf.Security;

/// <summary>The memory that a refused operation takes: measured in the whole process, without other tests beside it.</summary>
[Collection(RunsAlone.Name)]
public sealed class RefusedResults
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData("A = ii", true)]
    [InlineData("A = 1", false)]
    public async Task A_result_that_is_too_large_is_refused_before_it_is_computed(string formula, bool isRefused)
    {
        await using var server = await GuardedServer.StartAsync(options => options.Settings["Wharf:Memory:SessionTableBytes"] = $"{32 * Mebibyte}");
        await using var session = await server.ConnectAsync();
        var rows = await session.EmptyTableAsync(100_000_000, GuardedServer.Cancelled);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var refused = await Record.ExceptionAsync(() => rows.UpdateAsync([formula], GuardedServer.Cancelled));

        // Constants take no memory.
        Assert.Equal(isRefused ? StatusCode.ResourceExhausted : null, (refused as WharfException)?.StatusCode);
        Assert.Equal(isRefused, refused is not null);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 32 * Mebibyte);
    }

    /// <summary>The measurement above would find the column.</summary>
    [Fact]
    public async Task A_result_within_the_budget_takes_its_memory()
    {
        await using var server = await GuardedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var rows = await session.EmptyTableAsync(10_000_000, GuardedServer.Cancelled);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await using var table = await rows.UpdateAsync(["A = ii"], GuardedServer.Cancelled);

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 80_000_000, long.MaxValue);
    }
}
