namespace Wharf.Tables;

/// <summary>Evaluates formulas, each over the input and what the formulas before it have made.</summary>
internal sealed class SelectOrUpdateHandler(TimeProvider timeProvider, Random random) : ITableOperationHandler<SelectOrUpdate>
{
    public ArrowTable Run(SelectOrUpdate operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken)
    {
        ArrowTable input = inputs[0];
        if (operation.Columns.Count == 0 && operation.Kind != SelectKind.View)
            return input;

        bool keepsInput = operation.Kind is not (SelectKind.View or SelectKind.Select);
        var columns = keepsInput ? new List<KeyValuePair<string, Column>>(input.Columns) : [];
        var made = new Dictionary<string, Column>(StringComparer.Ordinal);
        long now = (timeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var context = new FormulaContext(operation.Parameters, input.RowCount, now, random, cancellationToken)
        {
            FindColumn = name => made.GetValueOrDefault(name) ?? input.Find(name),
        };

        foreach (string formula in operation.Columns)
        {
            (string name, Column column) = Compute(formula, context);
            made[name] = column;
            int position = columns.FindIndex(existing => existing.Key == name);
            if (position < 0)
                columns.Add(new(name, column));
            else
                columns[position] = new(name, column);
        }

        return new ArrowTable(columns, input.RowCount);
    }

    private static (string Name, Column Column) Compute(string formula, FormulaContext context)
    {
        try
        {
            SelectableSyntax selectable = Parser.ParseSelectable(formula);

            // A column that is only shown keeps its Arrow type, also one that formulas cannot compute with.
            if (selectable.Expression is NameSyntax { Name: var source } && context.FindColumn(source) is { } shared)
                return (selectable.Name, shared);

            Node node = Binder.Bind(selectable.Expression, context);
            if (node.Type.Kind is EngineKind.Period or EngineKind.TimeZone)
                throw new FormulaError($"a column cannot hold {node.Type.ClassName}", 0);
            return (selectable.Name, node.ToColumn(context.Rows, context.CancellationToken));
        }
        catch (FormulaError error)
        {
            throw error.ToException(formula);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new FormulaError("the formula is nested too deeply").ToException(formula);
        }
    }
}
