namespace Wharf.Grains;

/// <summary>Wakes whoever waits for a change. To be used on one grain's scheduler.</summary>
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

/// <summary>A wait within one grain call.</summary>
internal static class LongPoll
{
    /// <summary>Waits until something is there.</summary>
    /// <param name="read">Reads what is there; null when there is nothing yet.</param>
    /// <param name="changed">Wakes up when it may be there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is there, or null after <see cref="GrainLimits.LongestWait"/>.</returns>
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

    /// <summary>Waits for a task, but not longer than a time.</summary>
    /// <returns>Whether the task has completed; its exception is left to whoever awaits it.</returns>
    public static async Task<bool> CompletesAsync(Task task, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        if (task.IsCompleted)
            return true;
        await task.WaitAsync(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }
}
