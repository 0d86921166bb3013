using Wharf.Tables.Columns;
using Wharf.Tables.Columns.Gathering;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Operations;

/// <summary>Keeps the first row of each distinct combination of values.</summary>
internal sealed class SelectDistinctHandler : ITableOperationHandler<SelectDistinct>
{
    public ArrowTable Run(SelectDistinct operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken)
    {
        ArrowTable input = inputs[0];
        string[] missing = [.. operation.Columns.Where(name => input.Find(name) is null)];
        if (missing.Length > 0)
            throw new TableException(TableError.FailedPrecondition, "column(s) not found: " + string.Join(", ", missing));

        if (operation.Columns.Count == 0)
            return new ArrowTable([], Math.Min(1, input.RowCount), TableShape.Of(TableAttributes.DistinctRows));

        string[] names = [.. operation.Columns.Distinct(StringComparer.Ordinal)];
        long[] rows = DistinctRows.Find([.. names.Select(name => input.Find(name)!)], input.RowCount, cancellationToken);
        return new ArrowTable(
            [.. names.Select(name => new KeyValuePair<string, Column>(name, RowGather.Rows(input.Find(name)!, rows, cancellationToken)))],
            rows.Length,
            TableShape.Of(TableAttributes.DistinctRows));
    }
}
