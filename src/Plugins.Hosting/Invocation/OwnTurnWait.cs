namespace Wharf.Plugins.Hosting;

/// <summary>
/// Ends a wait of a turn for work that begins after that same turn. The work itself stays in its queue: code that posts work without a wait for it is right to do so.
/// </summary>
public static class OwnTurnWait
{
    /// <summary>
    /// The time until a turn that has posted work and has not returned counts as one that waits for it. It is real time, whatever the clock of the object shows:
    /// the question is whether code has returned.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Guards the task of work that a turn puts into its own queue.</summary>
    /// <param name="work">The task of the work.</param>
    /// <param name="hasReturned">Whether the turn has returned.</param>
    /// <param name="objectId">The object, for the message.</param>
    /// <returns>The outcome of the work; FAILED_PRECONDITION when the turn does not return.</returns>
    public static Task Guard(Task work, Func<bool> hasReturned, string objectId)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(hasReturned);
        return Observed(GuardAsync(work, hasReturned, objectId), work);
    }

    /// <summary>Has the failures of a wait and of its work count as seen: code that posts without a wait looks at neither, and the log has the failure of the work.</summary>
    /// <param name="wait">The task that the caller gets.</param>
    /// <param name="work">The task of the work.</param>
    /// <returns>The first of them.</returns>
    public static Task Observed(Task wait, Task work)
    {
        Observe(wait);
        Observe(work);
        return wait;
    }

    /// <summary>The failure of a wait for one's own turn.</summary>
    /// <param name="objectId">The object.</param>
    /// <returns>The failure.</returns>
    public static PluginException Circle(string objectId) => new(
        PluginStatus.FailedPrecondition, $"the object {objectId} waits for its own turn: the next turn begins when the running one has returned, so post without a wait, or wait outside of the turn");

    private static async Task GuardAsync(Task work, Func<bool> hasReturned, string objectId)
    {
        // Off the plugins' threads: each of them may be blocked by such a wait.
        Task first = await Task.WhenAny(work, Task.Delay(Patience, TimeProvider.System)).ConfigureAwait(false);
        if (first != work && !hasReturned())
            throw Circle(objectId);
        await work.ConfigureAwait(false);
    }

    /// <summary>A failure without a waiter is in the log already.</summary>
    private static void Observe(Task task) => task.ContinueWith(
        static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
