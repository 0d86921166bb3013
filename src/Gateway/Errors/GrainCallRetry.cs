namespace Wharf.Gateway.Errors;

/// <summary>Retries idempotent grain calls once if they fail in transit.</summary>
internal static class GrainCallRetry
{
    /// <summary>Makes an idempotent call, and retries it once if it fails in transit.</summary>
    public static Task<T> RetryOnceAsync<TState, T>(TState state, Func<TState, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RetryOnceAsync(state, call, static _ => true, cancellationToken);

    /// <summary>Makes an idempotent call, and retries it once if it fails in transit and a predicate allows the retry.</summary>
    public static async Task<T> RetryOnceAsync<TState, T>(
        TState state, Func<TState, CancellationToken, Task<T>> call, Func<Exception, bool> canRetry, CancellationToken cancellationToken)
    {
        try
        {
            return await call(state, cancellationToken);
        }
        catch (Exception exception) when (FaultTranslation.IsTransient(exception) && canRetry(exception))
        {
            return await call(state, cancellationToken);
        }
    }
}
