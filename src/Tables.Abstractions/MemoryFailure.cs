namespace Wharf.Tables;

/// <summary>
/// Recognizes failures to allocate memory. They are not defects: the call that needed the memory fails with RESOURCE_EXHAUSTED, and other
/// calls continue.
/// </summary>
public static class MemoryFailure
{
    /// <summary>The text for the caller.</summary>
    public const string Text = "The server does not have the memory for this call; release tables or try again later";

    private const int MaxDepth = 32;

    /// <summary>Returns whether an exception, or one that caused it, is a failure to allocate memory.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>True for an <see cref="OutOfMemoryException"/>.</returns>
    public static bool Is(Exception? exception)
    {
        for (int depth = 0; exception is not null && depth < MaxDepth; depth++, exception = exception.InnerException)
        {
            if (exception is OutOfMemoryException)
                return true;
        }

        return false;
    }
}
