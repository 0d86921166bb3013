using Microsoft.Extensions.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// Computes a few formulas when the node starts. The first call of a function in a process compiles the function library and the engine, which takes a quarter
/// of a second; this keeps that delay from the first client.
/// </summary>
internal sealed class FormulaWarmup(TableEngine engine, TablePool pool, IHostApplicationLifetime lifetime) : IHostedService
{
    private static readonly string[] Formulas = ["A = i + 1", "B = A * 0.5", "C = sqrt(B)", "D = `a` + A", "E = D.length() == 2 ? A : null"];
    private static readonly string[] Conditions = ["A > 3", "D in `a5`, `a6`"];

    /// <summary>Computes the formulas.</summary>
    /// <returns>The resulting table.</returns>
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
