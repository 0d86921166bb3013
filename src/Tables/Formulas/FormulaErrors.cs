namespace Wharf.Tables.Formulas;

/// <summary>Adds the text of a formula to its errors.</summary>
internal static class FormulaErrors
{
    /// <summary>Runs a step of the processing of a formula.</summary>
    /// <param name="kind">The kind of text: a formula or a condition.</param>
    /// <param name="text">The text; null if there is none.</param>
    /// <param name="work">The step.</param>
    /// <exception cref="TableException">INVALID_ARGUMENT: the formula is invalid.</exception>
    public static T Run<T>(string kind, string? text, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (FormulaError error)
        {
            throw error.ToException(kind, text);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new FormulaError("the nesting is too deep").ToException(kind, text);
        }
    }
}
