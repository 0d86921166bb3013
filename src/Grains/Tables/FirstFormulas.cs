using Microsoft.Extensions.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// Computes a little of everything as soon as the node serves. The first formula of a process that calls a function has the library of functions and its way through the engine
/// compiled, which takes a quarter of a second: no client should be the one to wait for that.
/// </summary>
internal sealed class FirstFormulas(TableEngine engine, TablePool pool, IHostApplicationLifetime lifetime) : IHostedService
{
    private static readonly string[] Formulas = ["A = i + 1", "B = A * 0.5", "C = sqrt(B)", "D = `a` + A", "E = D.length() == 2 ? A : null"];
    private static readonly string[] Conditions = ["A > 3", "D in `a5`, `a6`"];

    /// <summary>Computes it.</summary>
    /// <returns>What came of it in the end.</returns>
    public static ArrowTable Compute(TableEngine engine, CancellationToken cancellationToken)
    {
        var rows = engine.Run(new EmptyTable(10), [], cancellationToken);
        var columns = engine.Run(new SelectOrUpdate(SelectKind.Update, Formulas), [rows], cancellationToken);
        columns.Describe();
        return engine.Run(new UnstructuredFilter(Conditions), [columns], cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _ = pool.RunAsync(() => Compute(engine, lifetime.ApplicationStopping), lifetime.ApplicationStopping));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
