using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Conditions;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Operations;

/// <summary>Keeps the rows for which conditions written as text are true.</summary>
internal sealed class UnstructuredFilterHandler(FormulaContexts contexts) : ITableOperationHandler<UnstructuredFilter>
{
    private static readonly ParsedFormulas<ConditionSyntax> Parsed = new(Parser.ParseCondition);

    private readonly BoundFormulas _bound = new();

    public ArrowTable Run(UnstructuredFilter operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken)
    {
        FormulaContext context = contexts.Create(inputs[0], null, operation.Parameters, cancellationToken);
        ConditionSyntax[] conditions = [.. operation.Conditions.Select(
            text => FormulaErrors.Run("condition", text, () => Parsed.Parse(text)))];
        FormulaTrees[] trees = [.. conditions.Select((condition, n) =>
            new FormulaTrees(_bound, operation.Conditions[n], context, noting => ConditionBinder.Bind(condition, noting)))];
        ArrowTable kept = FilteredRows.Of(
            inputs[0], [.. trees.Select((tree, n) => new FilterStep(operation.Conditions[n], () => (Node<sbyte>)tree.Take()))],
            cancellationToken);
        foreach (FormulaTrees tree in trees)
            tree.Return();
        return kept;
    }
}

/// <summary>Keeps the rows for which conditions given as trees are true.</summary>
internal sealed class FilterHandler(FormulaContexts contexts) : ITableOperationHandler<Filter>
{
    public ArrowTable Run(Filter operation, IReadOnlyList<ArrowTable> inputs, CancellationToken cancellationToken)
    {
        FormulaContext context = contexts.Create(inputs[0], null, new Dictionary<string, FormulaParameter>(), cancellationToken);
        string[] columns = [.. inputs[0].Columns.Select(static column => column.Key)];
        return FilteredRows.Of(
            inputs[0], [.. operation.Conditions.Select(
                condition => new FilterStep(null, () => FilterBinder.Bind(condition, context, columns)))], cancellationToken);
    }
}
