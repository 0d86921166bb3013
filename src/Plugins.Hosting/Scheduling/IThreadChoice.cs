namespace Wharf.Plugins.Hosting;

/// <summary>
/// Chooses the thread on which a run of turns begins. <see cref="DedicatedThreads"/> uses the threads of the pool, <see cref="InlineExecution"/> also those that receive the messages.
/// <see cref="PluginPoolOptions.InlineTurns"/> selects the implementation; docs/scheduling.md describes both.
/// </summary>
internal interface IThreadChoice
{
    /// <summary>The number of threads outside of the pool that are blocked by handlers.</summary>
    int BlockedCount { get; }

    /// <summary>The number of threads outside of the pool that run handlers.</summary>
    int ActiveCount { get; }

    /// <summary>Whether a run of turns may begin on the calling thread.</summary>
    /// <param name="speed">The speed of the object type; null for a type that never runs inline.</param>
    bool MayRunHere(HandlerSpeed? speed);

    /// <summary>Begins a run of turns.</summary>
    void Start(TurnRun run);

    /// <summary>Checks the threads outside of the pool. Called by the monitor only.</summary>
    ThreadActivity Check();
}
