using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Formulas;

/// <summary>
/// Caches bound formulas for reuse on tables whose columns have the same types, with the same parameters. A bound formula is used by one
/// thread at a time, so the cache can have several of each.
/// </summary>
internal sealed class BoundFormulas
{
    // The texts come from callers: the length, the number of texts and the number of trees per text are limited.
    private const int LongestKept = 1024, MostKept = 1024, MostOfOne = 8;

    private readonly BoundedCache<string, List<BoundFormula>> _known = new(MostKept, StringComparer.Ordinal);
    private long _bound;

    /// <summary>The number of formulas that were bound because the cache had none.</summary>
    public long Bound => Interlocked.Read(ref _bound);

    /// <summary>Takes a formula from the cache, or binds it.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="context">The table and the operation.</param>
    /// <param name="bind">Binds it.</param>
    /// <exception cref="FormulaError">The formula is invalid for the table.</exception>
    public BoundFormula Take(string text, FormulaContext context, Func<FormulaContext, Node> bind)
    {
        if (_known.TryGet(text, out List<BoundFormula>? idle) && TakeIdle(idle, context) is { } known)
        {
            known.Root.Attach(context);
            return known;
        }

        Interlocked.Increment(ref _bound);
        FormulaContext noting = context.WithDependencies();
        return new BoundFormula(bind(noting), noting.Notes!);
    }

    /// <summary>Returns a formula to the cache after its use.</summary>
    public void Return(string text, BoundFormula formula)
    {
        if (text.Length > LongestKept || formula.Notes.IsOperationSpecific)
            return;
        formula.Root.Detach();
        if (!_known.TryGet(text, out List<BoundFormula>? idle))
            idle = _known.Add(text, []);
        lock (idle)
        {
            if (idle.Count == MostOfOne)
                idle.RemoveAt(0);
            idle.Add(formula);
        }
    }

    private static BoundFormula? TakeIdle(List<BoundFormula> idle, FormulaContext context)
    {
        lock (idle)
        {
            for (int n = idle.Count - 1; n >= 0; n--)
            {
                if (idle[n] is { } formula && formula.Notes.Fit(context))
                {
                    idle.RemoveAt(n);
                    return formula;
                }
            }
        }

        return null;
    }
}

/// <summary>A formula that can be computed.</summary>
/// <param name="Root">The root of its tree.</param>
/// <param name="Notes">The conditions for its reuse.</param>
internal sealed record BoundFormula(Node Root, BindingDependencies Notes);

/// <summary>The trees of one formula in one operation, one per thread.</summary>
/// <param name="known">The cache.</param>
/// <param name="text">The formula.</param>
/// <param name="context">The operation.</param>
/// <param name="bind">Binds it.</param>
internal sealed class FormulaTrees(BoundFormulas known, string text, FormulaContext context, Func<FormulaContext, Node> bind)
{
    private readonly List<BoundFormula> _taken = [];

    /// <summary>Takes a tree for a thread.</summary>
    /// <exception cref="FormulaError">The formula is invalid for the table.</exception>
    public Node Take()
    {
        BoundFormula formula = known.Take(text, context, bind);
        lock (_taken)
            _taken.Add(formula);
        return formula.Root;
    }

    /// <summary>
    /// Returns all trees after the computation. Not called after a failure, because the state of the trees is then unknown.
    /// </summary>
    public void Return()
    {
        foreach (BoundFormula formula in _taken)
            known.Return(text, formula);
    }
}
