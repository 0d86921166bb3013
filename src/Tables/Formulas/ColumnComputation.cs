namespace Wharf.Tables;

/// <summary>Computes the column of a formula, on all processors when there are many rows.</summary>
internal static class ColumnComputation
{
    private const int WorthSharing = 1 << 17;

    /// <summary>Computes a column.</summary>
    /// <param name="node">The bound formula.</param>
    /// <param name="more">Gets another; every thread computes with nodes of its own.</param>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="FormulaError">The formula is no column, or a row cannot be computed.</exception>
    public static Column Run(Node node, Func<Node> more, long rows, CancellationToken cancellationToken)
    {
        if (node.Type.Kind == EngineKind.Period)
            throw new FormulaError($"a column cannot hold {node.Type.ClassName}", 0);
        if (rows < WorthSharing || node.IsConstant || node is IColumnNode || !node.IsPure)
            return node.ToColumn(rows, cancellationToken);
        node.CheckMemory(rows);
        Column[] parts = RowRanges.Compute(
            rows, node, more, (worker, start, count) => worker.ToColumn(start, count, cancellationToken), cancellationToken, static part => part.Discard());
        return ChunkedColumn.Join(parts);
    }
}
