using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>Computes the column of a formula, in parallel if there are many rows.</summary>
internal static class ColumnComputation
{
    private const int WorthSharing = 1 << 17;

    /// <summary>Computes a column.</summary>
    /// <param name="node">The bound formula.</param>
    /// <param name="more">Returns another tree of the same formula; each thread uses its own.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <exception cref="FormulaError">The formula is not a column, or a row cannot be computed.</exception>
    public static Column Run(Node node, Func<Node> more, long rows, CancellationToken cancellationToken)
    {
        if (node.Type.Kind == EngineKind.Period)
            throw new FormulaError($"a column cannot have the type {node.Type.ClassName}", 0);
        if (rows < WorthSharing || node.IsConstant || node is IColumnNode || !node.IsPure)
            return node.ToColumn(rows, cancellationToken);
        node.CheckMemory(rows);
        Column[] parts = RowRanges.Compute(
            rows, node, more, (worker, start, count) => worker.ToColumn(start, count, cancellationToken), cancellationToken,
            static part => part.Discard());
        return ChunkedColumn.Join(parts);
    }
}
