namespace Wharf.Plugins.Hosting;

/// <summary>
/// Fails waits of a turn for work that begins after that turn. The work stays in its queue: code may post work without waiting for it.
/// </summary>
public static class SelfWait
{
    /// <summary>
    /// The time after which a turn that has posted work and has not returned is considered to wait for it. Measured in real time, not by the clock of the
    /// object, because it depends on running code.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    /// <summary>Guards the task of work that a turn posts to its own queue.</summary>
    /// <param name="work">The task of the work.</param>
    /// <param name="hasReturned">Whether the turn has returned.</param>
    /// <param name="objectId">The object, for the message.</param>
    /// <returns>A task with the outcome of the work, or with FAILED_PRECONDITION if the turn does not return.</returns>
    public static Task Guard(Task work, Func<bool> hasReturned, string objectId)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(hasReturned);
        return Observed(GuardAsync(work, hasReturned, objectId), work);
    }

    /// <summary>
    /// Observes the exceptions of a wait and of its work. Code that posts without waiting observes neither, and the log has the failure of the work.
    /// </summary>
    /// <param name="wait">The task that is returned to the caller.</param>
    /// <param name="work">The task of the work.</param>
    /// <returns>The first task.</returns>
    public static Task Observed(Task wait, Task work)
    {
        Observe(wait);
        Observe(work);
        return wait;
    }

    /// <summary>Creates the failure of a turn that waits for its own object.</summary>
    /// <param name="objectId">The object.</param>
    /// <returns>The failure.</returns>
    public static PluginException CreateFailure(string objectId) => new(
        PluginStatus.FailedPrecondition,
        $"the object {objectId} waits for its own turn: the next turn begins when the running one has returned, "
        + "so post without a wait, or wait outside of the turn");

    private static async Task GuardAsync(Task work, Func<bool> hasReturned, string objectId)
    {
        // Does not use the threads of plugins, which such a wait may block.
        Task first = await Task.WhenAny(work, Task.Delay(Limit, TimeProvider.System)).ConfigureAwait(false);
        if (first != work && !hasReturned())
            throw CreateFailure(objectId);
        await work.ConfigureAwait(false);
    }

    /// <summary>Reads the exception, so that it is not reported as unobserved: the log already has the failure.</summary>
    private static void Observe(Task task) => task.ContinueWith(
        static failed => _ = failed.Exception, CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
