using Wharf.Tables.Columns;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>
/// The state that the formulas of one operation share: the table so far, the parameters, one time and one random generator.
/// </summary>
internal sealed class FormulaContext(
    IReadOnlyDictionary<string, FormulaParameter> parameters, long rows, long nowNanos, Random random, CancellationToken cancellationToken)
{
    /// <summary>Finds a column of the table, including the columns of earlier formulas.</summary>
    public required Func<string, Column?> Columns { get; init; }

    /// <summary>Returns the names of the columns that <see cref="Columns"/> finds.</summary>
    public required Func<IEnumerable<string>> ColumnNames { get; init; }

    /// <summary>Records the names that are resolved while a formula is bound; null if that is not needed.</summary>
    public BindingDependencies? Notes { get; private init; }

    public long Rows { get; } = rows;

    /// <summary>The time of the operation, which is the same for all rows.</summary>
    public long NowNanos { get; } = nowNanos;

    public Random Random { get; } = random;

    /// <summary>Cancels the computation. Functions with many elements per row check it themselves.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Finds a column of the table, including the columns of earlier formulas.</summary>
    public Column? FindColumn(string name)
    {
        Column? column = Columns(name);
        Notes?.Add(name, column);
        return column;
    }

    /// <summary>Finds a parameter of the caller.</summary>
    public FormulaParameter? FindParameter(string name)
    {
        FormulaParameter? parameter = parameters.GetValueOrDefault(name);
        Notes?.Add(name, parameter);
        return parameter;
    }

    /// <summary>Returns a copy that records the names which a formula resolves.</summary>
    public FormulaContext WithDependencies() =>
        new(parameters, Rows, NowNanos, Random, CancellationToken) { Columns = Columns, ColumnNames = ColumnNames,
            Notes = new BindingDependencies() };

    /// <summary>Returns the error for an unknown name, with a suggestion if a name is similar.</summary>
    public FormulaError Unknown(string kind, string name, int position, IEnumerable<string>? others = null)
    {
        string? near = NearestName.Of(name, [.. ColumnNames(), .. parameters.Keys, .. others ?? []]);
        return new FormulaError($"there is no {kind} {name}" + (near is null ? "" : $"; did you mean {near}?"), position);
    }
}
