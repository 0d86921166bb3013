namespace Wharf.Grains;

/// <summary>Wakes the waiters for a change. Not thread-safe: one grain uses it on its scheduler.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _changed = New();

    /// <summary>Completes with the next <see cref="Set"/>.</summary>
    public Task Next => _changed.Task;

    public void Set()
    {
        var changed = _changed;
        _changed = New();
        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Waits within one grain call.</summary>
internal static class LongPoll
{
    /// <summary>Waits until a value is available.</summary>
    /// <param name="read">Returns the value; null if it is not available yet.</param>
    /// <param name="changed">Returns a task that completes when the value may be available.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The value, or null after <see cref="GrainLimits.LongestWait"/>.</returns>
    public static async Task<T?> UntilAsync<T>(Func<T?> read, Func<Task> changed, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (read() is { } found)
                return found;
            var left = GrainLimits.LongestWait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || !await CompletesAsync(changed(), left, time, cancellationToken))
                return null;
        }
    }

    /// <summary>Waits for a task, but not longer than a timeout.</summary>
    /// <returns>Whether the task has completed. Its exception is not observed.</returns>
    public static async Task<bool> CompletesAsync(Task task, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        if (task.IsCompleted)
            return true;
        await task.WaitAsync(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }
}
