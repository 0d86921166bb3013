namespace Wharf.Tables;

/// <summary>Evaluates formulas, each over the input and what the formulas before it have made.</summary>
internal sealed class SelectOrUpdateHandler(FormulaContexts contexts) : ITableOperationHandler<SelectOrUpdate>
{
    private static readonly ParsedFormulas<SelectableSyntax> Parsed = new(Parser.ParseSelectable);

    public ArrowTable Run(SelectOrUpdate operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken)
    {
        ArrowTable input = inputs[0];
        if (operation.Columns.Count == 0 && operation.Kind != SelectKind.View)
            return input;

        bool keepsInput = operation.Kind is not (SelectKind.View or SelectKind.Select);
        var columns = keepsInput ? new List<KeyValuePair<string, Column>>(input.Columns) : [];
        var made = new Dictionary<string, Column>(StringComparer.Ordinal);
        FormulaContext context = contexts.Create(input, made, operation.Parameters, cancellationToken);
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

    private static (string Name, Column Column) Compute(string formula, FormulaContext context) => Explained.In("formula", formula, () =>
    {
        SelectableSyntax selectable = Parsed.Parse(formula);

        // A column that is only shown keeps its Arrow type, also one that formulas cannot compute with.
        if (selectable.Expression is NameSyntax { Name: var source } && context.FindColumn(source) is { } shared)
            return (selectable.Name, shared);
        return (selectable.Name, ColumnComputation.Run(() => VectorText.ForColumn(Binder.Bind(selectable.Expression, context)), context.Rows, context.CancellationToken));
    });
}
