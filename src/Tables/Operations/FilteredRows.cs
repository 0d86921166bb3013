using System.Runtime.CompilerServices;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Operations;

/// <summary>A condition of a filter.</summary>
/// <param name="Text">The text; null for a tree.</param>
/// <param name="Bind">Binds the condition; each thread uses its own nodes.</param>
internal sealed record FilterStep(string? Text, Func<Node<sbyte>> Bind);

/// <summary>Keeps the rows for which every condition is true.</summary>
internal static class FilteredRows
{
    /// <summary>Filters a table. The columns are not copied: the result reads them through a list of the selected rows.</summary>
    public static ArrowTable Of(ArrowTable table, IReadOnlyList<FilterStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Count == 0)
            return table;
        FilterWorker first = Bind(steps);
        TableShape shape = table.Shape.OfRows();
        if (table.RowCount == 0)
            return new ArrowTable(table.Columns, 0, shape);
        MemoryGuard.CheckSelection(table.RowCount);
        ushort[][] stretches = first.IsPure
            ? [.. RowRanges.Compute(
                table.RowCount, first, () => Bind(steps), (worker, start, count) => worker.Select(start, count, cancellationToken),
                cancellationToken)
                .SelectMany(static range => range)]
            : first.Select(0, table.RowCount, cancellationToken);
        var selection = new RowSelection(stretches, table.Columns.Count);
        if (selection.Count == table.RowCount)
            return new ArrowTable(table.Columns, table.RowCount, shape);
        return new ArrowTable(
            [.. table.Columns.Select(column => new KeyValuePair<string, Column>(column.Key, SelectedColumn.Of(column.Value, selection)))],
            selection.Count,
            shape);
    }

    private static FilterWorker Bind(IReadOnlyList<FilterStep> steps) =>
        new([.. steps.Select(static step => (step.Text, FormulaErrors.Run("condition", step.Text, step.Bind)))]);
}

/// <summary>The bound conditions of one thread.</summary>
internal sealed class FilterWorker((string? Text, Node<sbyte> Condition)[] conditions)
{
    private readonly sbyte[] _truths = new sbyte[Frame.BlockRows];
    private readonly int _blockRows = conditions.Min(static step => step.Condition.BlockRows);

    /// <summary>Whether a repeated computation gives the same result.</summary>
    public bool IsPure => conditions.All(static step => step.Condition.IsPure);

    /// <summary>Returns the selected rows in the stretches of a <see cref="RowSelection"/>. The first row must begin a stretch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ushort[][] Select(long start, long count, CancellationToken cancellationToken)
    {
        var stretches = new ushort[(count + RowSelection.StretchRows - 1) / RowSelection.StretchRows][];
        var kept = new ushort[RowSelection.StretchRows + SelectionVector.Room];
        for (int n = 0; n < stretches.Length; n++)
        {
            long at = start + ((long)n * RowSelection.StretchRows);
            int rows = (int)Math.Min(RowSelection.StretchRows, start + count - at), found = 0;
            for (int block = 0; block < rows; block += _blockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                TextBudget.Reset();
                found = Keep(new Frame(at + block, Math.Min(_blockRows, rows - block)), block, kept, found);
            }

            stretches[n] = kept.AsSpan(0, found).ToArray();
        }

        return stretches;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Keep(in Frame block, int offset, ushort[] kept, int found)
    {
        Span<sbyte> truths = _truths.AsSpan(0, block.Count);
        Evaluate(0, block, truths);
        int before = found;

        found = SelectionVector.Add(truths, offset, kept, found);
        for (int step = 1; step < conditions.Length && found > before; step++)
        {
            int[] rows = new int[found - before];
            for (int n = 0; n < rows.Length; n++)
                rows[n] = kept[before + n] - offset;
            truths = _truths.AsSpan(0, rows.Length);
            Evaluate(step, new Frame(block.Start, rows.Length, rows), truths);
            found = before;
            for (int n = 0; n < rows.Length; n++)
            {
                kept[found] = (ushort)(offset + rows[n]);
                found += truths[n];
            }
        }

        return found;
    }

    private void Evaluate(int step, Frame frame, Span<sbyte> truths)
    {
        (string? text, Node<sbyte> condition) = conditions[step];
        try
        {
            condition.Fill(frame, truths);
            if (!condition.IsNeverNull)
                BooleanBlock.CountTrue(truths, 0);
        }
        catch (FormulaError error)
        {
            throw error.ToException("condition", text);
        }
    }
}
