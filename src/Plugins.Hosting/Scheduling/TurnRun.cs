namespace Wharf.Plugins.Hosting;

/// <summary>The task that runs queued turns of one <see cref="TurnQueue"/>. <see cref="PoolScheduler"/> recognizes it by its type: only its first part may run inline.</summary>
internal sealed class TurnRun : Task
{
    private static readonly Action<object?> Body = static queue => _ = ((TurnQueue)queue!).RunTurnsAsync();

    /// <summary>Creates a run that is not started.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="startsHere">Whether the run begins on the thread that starts the task.</param>
    public TurnRun(TurnQueue queue, bool startsHere)
        : base(Body, queue, TaskCreationOptions.DenyChildAttach)
    {
        Speed = queue.Speed;
        StartsHere = startsHere;
    }

    /// <summary>The speed of the object type; null for a type that never runs inline.</summary>
    public HandlerSpeed? Speed { get; }

    /// <summary>Whether the run begins on the thread that starts the task.</summary>
    public bool StartsHere { get; }
}
