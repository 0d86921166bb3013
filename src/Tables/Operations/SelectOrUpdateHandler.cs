using Wharf.Tables.Columns;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Functions.Vectors;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Operations;

/// <summary>Evaluates formulas over the input and the columns of earlier formulas.</summary>
internal sealed class SelectOrUpdateHandler(FormulaContexts contexts) : ITableOperationHandler<SelectOrUpdate>
{
    /// <summary>The cache of parsed formulas.</summary>
    public static readonly ParsedFormulas<SelectableSyntax> Parsed = new(Parser.ParseSelectable);

    private readonly BoundFormulas _bound = new();

    public ArrowTable Run(SelectOrUpdate operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken)
    {
        ArrowTable input = inputs[0];
        if (operation.Columns.Count == 0)
            return WithoutFormulas(operation.Kind, input);

        bool keepsInput = operation.Kind is not (SelectKind.View or SelectKind.Select);
        var sources = new Dictionary<string, string?>(StringComparer.Ordinal);
        var columns = keepsInput ? new List<KeyValuePair<string, Column>>(input.Columns) : [];
        var made = new Dictionary<string, Column>(StringComparer.Ordinal);
        FormulaContext context = contexts.Create(input, made, operation.Parameters, cancellationToken);
        var earlier = new EarlierFormulas();
        foreach (string formula in operation.Columns)
        {
            (string name, Column column, string? source) = FormulaErrors.Run("formula", formula, () => Compute(formula, context, earlier));

            // A column of an earlier formula is not a column of the input.
            sources[name] = source is null ? null : sources.GetValueOrDefault(source, source);
            made[name] = column;
            int position = columns.FindIndex(existing => existing.Key == name);
            if (position < 0)
                columns.Add(new(name, column));
            else
                columns[position] = new(name, column);
        }

        return new ArrowTable(
            columns, input.RowCount, input.Shape.OfFormulas(operation.Kind, [.. columns.Select(static column => column.Key)], sources));
    }

    // A view without formulas is the table itself; other operations create a table of all its columns.
    private static ArrowTable WithoutFormulas(SelectKind kind, ArrowTable input)
    {
        if (kind is SelectKind.View or SelectKind.UpdateView)
            return input;
        string[] names = [.. input.Columns.Select(static column => column.Key)];
        Dictionary<string, string?> made = kind == SelectKind.Select
            ? names.ToDictionary(static name => name, static string? (name) => name)
            : [];
        return new ArrowTable(input.Columns, input.RowCount, input.Shape.OfFormulas(kind, names, made));
    }

    private (string Name, Column Column, string? Source) Compute(string formula, FormulaContext context, EarlierFormulas earlier)
    {
        (string name, Syntax expression, IReadOnlySet<Syntax> repeated) = Parsed.Parse(formula);

        // A column that is only renamed keeps its Arrow type, even if formulas cannot compute with it.
        if (expression is NameSyntax { Name: var source } && context.FindColumn(source) is { } shown)
        {
            earlier.Add(name, expression, shown, isPure: true);
            return (name, shown, source);
        }

        var trees = new FormulaTrees(
            _bound, formula, context, noting => VectorText.ForColumn(Binder.Bind(expression, noting, repeated, earlier)));
        Node node = trees.Take();
        Column column = ColumnComputation.Run(node, trees.Take, context.Rows, context.CancellationToken);
        // Vectors may be stored in another type than the computed one.
        earlier.Add(name, expression, column, node.IsPure && !node.Type.IsVector);
        trees.Return();
        return (name, column, null);
    }
}
