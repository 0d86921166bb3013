namespace Wharf.Tables;

/// <summary>Makes what the formulas of one operation share.</summary>
internal sealed class FormulaContexts(TimeProvider timeProvider, Random random)
{
    /// <summary>Makes the context of an operation.</summary>
    /// <param name="input">The table.</param>
    /// <param name="made">Columns that the operation has made so far; they hide those of the table.</param>
    /// <param name="parameters">What the caller handed over.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    public FormulaContext Create(
        ArrowTable input, Dictionary<string, Column>? made, IReadOnlyDictionary<string, FormulaParameter> parameters, CancellationToken cancellationToken)
    {
        long now = (timeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        return new FormulaContext(parameters, input.RowCount, now, random, cancellationToken)
        {
            Columns = name => made?.GetValueOrDefault(name) ?? input.Find(name),
            ColumnNames = () => made is null ? input.Columns.Select(static column => column.Key) : made.Keys.Concat(input.Columns.Select(static column => column.Key)),
        };
    }
}
