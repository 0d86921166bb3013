using Wharf.Tables.Columns;
using Wharf.Tables.Formulas;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Operations;

/// <summary>Creates the contexts of operations with formulas.</summary>
internal sealed class FormulaContexts(TimeProvider timeProvider, Random random)
{
    /// <summary>Creates the context of an operation.</summary>
    /// <param name="input">The table.</param>
    /// <param name="made">The columns computed so far, which hide those of the table.</param>
    /// <param name="parameters">The parameters of the caller.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public FormulaContext Create(
        ArrowTable input, Dictionary<string, Column>? made, IReadOnlyDictionary<string, FormulaParameter> parameters,
        CancellationToken cancellationToken)
    {
        long now = (timeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        return new FormulaContext(parameters, input.RowCount, now, random, cancellationToken)
        {
            Columns = name => made?.GetValueOrDefault(name) ?? input.Find(name),
            ColumnNames = () => made is null
                ? input.Columns.Select(static column => column.Key)
                : made.Keys.Concat(input.Columns.Select(static column => column.Key)),
        };
    }
}
