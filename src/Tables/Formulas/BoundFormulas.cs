namespace Wharf.Tables;

/// <summary>
/// Keeps formulas that were bound, to be computed with again on tables in which they mean the same: whose columns have the types, and whose callers handed over the values, that binding had
/// looked at. A bound formula is one thread's at a time, so that of each there may be several.
/// </summary>
internal sealed class BoundFormulas
{
    // Texts come from callers: neither a long one, nor many, nor many meanings of one may fill the memory.
    private const int LongestKept = 1024, MostKept = 1024, MostOfOne = 8;

    private readonly BoundedCache<string, List<BoundFormula>> _known = new(MostKept, StringComparer.Ordinal);
    private long _bound;

    /// <summary>How many were bound because none was there.</summary>
    public long Bound => Interlocked.Read(ref _bound);

    /// <summary>Takes a formula that was bound before, or binds it.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="context">The table and the operation.</param>
    /// <param name="bind">Binds it.</param>
    /// <exception cref="FormulaError">It has no meaning here.</exception>
    public BoundFormula Take(string text, FormulaContext context, Func<FormulaContext, Node> bind)
    {
        if (_known.TryGet(text, out List<BoundFormula>? idle) && TakeIdle(idle, context) is { } known)
        {
            known.Root.Attach(context);
            return known;
        }

        Interlocked.Increment(ref _bound);
        FormulaContext noting = context.WithNotes();
        return new BoundFormula(bind(noting), noting.Notes!);
    }

    /// <summary>Gives one back that nobody computes with any more.</summary>
    public void Return(string text, BoundFormula formula)
    {
        if (text.Length > LongestKept || formula.Notes.IsOfOneOperation)
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

/// <summary>A formula that is ready to compute.</summary>
/// <param name="Root">What computes it.</param>
/// <param name="Notes">What had to be so for it to mean this.</param>
internal sealed record BoundFormula(Node Root, BindingNotes Notes);

/// <summary>One formula in one operation: as many of it as there are threads that compute.</summary>
/// <param name="known">Where they come from.</param>
/// <param name="text">The formula.</param>
/// <param name="context">The operation.</param>
/// <param name="bind">Binds it.</param>
internal sealed class FormulaTrees(BoundFormulas known, string text, FormulaContext context, Func<FormulaContext, Node> bind)
{
    private readonly List<BoundFormula> _taken = [];

    /// <summary>Gets one for a thread.</summary>
    /// <exception cref="FormulaError">It has no meaning here.</exception>
    public Node Take()
    {
        BoundFormula formula = known.Take(text, context, bind);
        lock (_taken)
            _taken.Add(formula);
        return formula.Root;
    }

    /// <summary>Gives all of them back, when everything is computed. After a failure they are left alone: nobody knows where they stopped.</summary>
    public void Return()
    {
        foreach (BoundFormula formula in _taken)
            known.Return(text, formula);
    }
}
