namespace Wharf.Tables;

/// <summary>The border at which an error of a formula gets the formula's text.</summary>
internal static class Explained
{
    /// <summary>Does a part of the work on a formula.</summary>
    /// <param name="kind">What the text is: a formula or a condition.</param>
    /// <param name="text">The text; null when there is none to show.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="TableException">INVALID_ARGUMENT: what is wrong with it.</exception>
    public static T In<T>(string kind, string? text, Func<T> work)
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
            throw new FormulaError("it is nested too deeply").ToException(kind, text);
        }
    }
}
