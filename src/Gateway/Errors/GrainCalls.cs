namespace Wharf.Gateway.Errors;

/// <summary>Calls that may be repeated are, once, when they fail on their way.</summary>
internal static class GrainCalls
{
    /// <summary>Makes a call that does no harm when made twice.</summary>
    public static Task<T> RetryOnceAsync<TState, T>(TState state, Func<TState, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RetryOnceAsync(state, call, static _ => true, cancellationToken);

    /// <summary>Makes a call that does no harm when made twice, and may be worth it.</summary>
    public static async Task<T> RetryOnceAsync<TState, T>(
        TState state, Func<TState, CancellationToken, Task<T>> call, Func<Exception, bool> isWorthIt, CancellationToken cancellationToken)
    {
        try
        {
            return await call(state, cancellationToken);
        }
        catch (Exception exception) when (FaultTranslation.IsTransient(exception) && isWorthIt(exception))
        {
            return await call(state, cancellationToken);
        }
    }
}
