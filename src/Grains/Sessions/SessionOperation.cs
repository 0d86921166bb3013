using System.Diagnostics;
using Wharf.Grains.Telemetry;

namespace Wharf.Grains.Sessions;

/// <summary>An operation of a session and its outcome.</summary>
internal sealed class SessionOperation(long id, int resultId, OperationHandler handler)
{
    private readonly TaskCompletionSource<WorkOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Id => id;

    /// <summary>The id of the export that it defines, or 0.</summary>
    public int ResultId => resultId;

    public OperationHandler Handler => handler;

    public bool IsRunning { get; set; }

    /// <summary>The recorded activity of the submitting call. The operation may be started by another call, which completed a source.</summary>
    public Activity? Cause { get; } = GrainActivities.Current;

    /// <summary>Whether a caller fetches the outcome; not for a ticket that other operations wait for, and not for an operation of a batch.</summary>
    public bool HasCaller => handler is not TicketHandler && Answered is null;

    /// <summary>The entry in the list of outcomes that have not been fetched.</summary>
    public LinkedListNode<SessionOperation>? Unfetched { get; set; }

    /// <summary>Cancelled when the result is no longer needed.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The result; set before it is reported to the table.</summary>
    public OperationResult? Result { get; set; }

    /// <summary>Translates a fault for the caller, at the time of the fault.</summary>
    public Func<Fault, Fault>? Translate { get; init; }

    /// <summary>Receives the outcome instead of a caller that fetches it.</summary>
    public Action<WorkOutcome, bool>? Answered { get; init; }

    public Task<WorkOutcome> Outcome => _outcome.Task;

    /// <summary>The time of the outcome.</summary>
    public DateTimeOffset EndedAt { get; private set; }

    public void Answer(AnswerEffect answer, DateTimeOffset now)
    {
        EndedAt = now;
        var fault = answer.Fault is { } found && Translate is not null ? Translate(found) : answer.Fault;
        var outcome = new WorkOutcome(id, IsDone: true, fault is null ? Result?.References ?? [] : [], fault is null ? Result?.Table : null, fault);
        _outcome.SetResult(outcome);
        Answered?.Invoke(outcome, answer.HasOwnStatus);
    }
}
