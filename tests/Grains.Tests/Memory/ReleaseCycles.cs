using System.Collections.Immutable;
using Wharf.Grains.Sessions;

namespace Wharf.Grains.Tests.Memory;

/// <summary>Makes exports and gives them up, over and over: what is left must not grow. The benchmarks link this file and measure the process; here it is counted.</summary>
internal static class ReleaseCycles
{
    /// <summary>So many ids are kept alive all the time, so that releases do not come in the order of the ids alone.</summary>
    private const int Kept = 16;

    /// <summary>Runs cycles on the class.</summary>
    /// <param name="cycles">How many.</param>
    /// <param name="step">Told after each tenth of them.</param>
    public static ExportTable OnTable(int cycles, Action<int> step)
    {
        var table = new ExportTable(new ExportLimits(1_000_000, 10_000, TimeSpan.FromMinutes(10)), static () => "error");
        for (var id = 1; id <= cycles; id++)
        {
            // Every other export depends on the one before it.
            ImmutableArray<ExportSource> sources = id % 2 == 0 ? [ExportSource.Export(id - 1)] : [];
            var key = table.Define([new ExportDefinition(id, sources)], DateTimeOffset.UnixEpoch)[0];
            table.Start(key);
            table.Complete(key, new ExportValue(new ObjectReference("", ObjectKind.Handle, "", 0)));
            if (id > Kept)
                table.Release(id - Kept);
            while (table.TryTakeEffect(out _))
            {
            }

            if (id % (cycles / 10) == 0)
                step(id);
        }

        return table;
    }

    /// <summary>Runs cycles on the grain, with handles, which no other grain answers for.</summary>
    /// <param name="session">A session that is logged in.</param>
    /// <param name="cycles">How many.</param>
    /// <param name="step">Told after each tenth of them.</param>
    public static async Task OnGrainAsync(ISessionGrain session, int cycles, Action<int> step)
    {
        for (var id = 1; id <= cycles; id++)
        {
            var outcome = await session.SubmitAsync(new AdoptWork(id, new ObjectReference("", ObjectKind.Handle, "", 0), "maker"));
            if (outcome.Fault is { } fault)
                throw new FaultException(fault);
            await session.ReleaseAsync(id);
            if (id % (cycles / 10) == 0)
                step(id);
        }
    }
}
