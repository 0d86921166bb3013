namespace Wharf.Tables;

/// <summary>Evaluates formulas, each over the input and what the formulas before it have made.</summary>
internal sealed class SelectOrUpdateHandler(FormulaContexts contexts) : ITableOperationHandler<SelectOrUpdate>
{
    /// <summary>How formulas were read.</summary>
    public static readonly ParsedFormulas<SelectableSyntax> Parsed = new(Parser.ParseSelectable);

    private readonly BoundFormulas _bound = new();

    public ArrowTable Run(SelectOrUpdate operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken)
    {
        ArrowTable input = inputs[0];
        if (operation.Columns.Count == 0 && operation.Kind != SelectKind.View)
            return input;

        bool keepsInput = operation.Kind is not (SelectKind.View or SelectKind.Select);
        var columns = keepsInput ? new List<KeyValuePair<string, Column>>(input.Columns) : [];
        var made = new Dictionary<string, Column>(StringComparer.Ordinal);
        FormulaContext context = contexts.Create(input, made, operation.Parameters, cancellationToken);
        var earlier = new EarlierFormulas();
        foreach (string formula in operation.Columns)
        {
            (string name, Column column) = Explained.In("formula", formula, () => Compute(formula, context, earlier));
            made[name] = column;
            int position = columns.FindIndex(existing => existing.Key == name);
            if (position < 0)
                columns.Add(new(name, column));
            else
                columns[position] = new(name, column);
        }

        return new ArrowTable(columns, input.RowCount);
    }

    private (string Name, Column Column) Compute(string formula, FormulaContext context, EarlierFormulas earlier)
    {
        (string name, Syntax expression, IReadOnlySet<Syntax> repeated) = Parsed.Parse(formula);

        // A column that is only shown keeps its Arrow type, also one that formulas cannot compute with.
        if (expression is NameSyntax { Name: var source } && context.FindColumn(source) is { } shown)
        {
            earlier.Add(name, expression, shown, isPure: true);
            return (name, shown);
        }

        var trees = new FormulaTrees(_bound, formula, context, noting => VectorText.ForColumn(Binder.Bind(expression, noting, repeated, earlier)));
        Node node = trees.Take();
        Column column = ColumnComputation.Run(node, trees.Take, context.Rows, context.CancellationToken);
        // Vectors may be written otherwise than they were computed.
        earlier.Add(name, expression, column, node.IsPure && !node.Type.IsVector);
        trees.Return();
        return (name, column);
    }
}
