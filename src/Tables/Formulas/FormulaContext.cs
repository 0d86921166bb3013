namespace Wharf.Tables;

/// <summary>What the formulas of one operation share: the table so far, the caller's values, one moment and one source of chance.</summary>
internal sealed class FormulaContext(IReadOnlyDictionary<string, FormulaParameter> parameters, long rows, long nowNanos, Random random, CancellationToken cancellationToken)
{
    /// <summary>Finds a column of the table as the formulas before have made it.</summary>
    public required Func<string, Column?> Columns { get; init; }

    /// <summary>The names of the columns that <see cref="Columns"/> finds.</summary>
    public required Func<IEnumerable<string>> ColumnNames { get; init; }

    /// <summary>Where it is noted what binding a formula finds here; null when nobody wants to know.</summary>
    public BindingNotes? Notes { get; private init; }

    public long Rows { get; } = rows;

    /// <summary>The moment of the operation; every row sees the same.</summary>
    public long NowNanos { get; } = nowNanos;

    public Random Random { get; } = random;

    /// <summary>Ends a computation that is no longer wanted; functions that run through many elements for one row look at it themselves.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Finds a column of the table as the formulas before have made it.</summary>
    public Column? FindColumn(string name)
    {
        Column? column = Columns(name);
        Notes?.Add(name, column);
        return column;
    }

    /// <summary>Finds a value that the caller handed over.</summary>
    public FormulaParameter? FindParameter(string name)
    {
        FormulaParameter? parameter = parameters.GetValueOrDefault(name);
        Notes?.Add(name, parameter);
        return parameter;
    }

    /// <summary>The same, with notes of what a formula finds.</summary>
    public FormulaContext WithNotes() =>
        new(parameters, Rows, NowNanos, Random, CancellationToken) { Columns = Columns, ColumnNames = ColumnNames, Notes = new BindingNotes() };

    /// <summary>Says that a name is not known, and which one is near.</summary>
    public FormulaError Unknown(string kind, string name, int position, IEnumerable<string>? others = null)
    {
        string? near = NearestName.Of(name, [.. ColumnNames(), .. parameters.Keys, .. others ?? []]);
        return new FormulaError($"there is no {kind} {name}" + (near is null ? "" : $"; did you mean {near}?"), position);
    }
}
