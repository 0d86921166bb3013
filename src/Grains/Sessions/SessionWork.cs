using System.Diagnostics;
using Wharf.Grains.Telemetry;

namespace Wharf.Grains.Sessions;

/// <summary>A piece of work of a session: what it does, and the outcome for whoever comes for it.</summary>
internal sealed class SessionWork(long id, int resultId, SessionJob job)
{
    private readonly TaskCompletionSource<WorkOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Id => id;

    /// <summary>The export that it makes, or 0.</summary>
    public int ResultId => resultId;

    public SessionJob Job => job;

    public bool IsRunning { get; set; }

    /// <summary>The span in whose course the work was asked for, if one is recorded: the work may begin in the course of another, which brought what it waited for.</summary>
    public Activity? Cause { get; } = GrainActivities.Current;

    /// <summary>Whether a caller comes for the outcome: not for a ticket that other work waits for, and not for a part of a batch.</summary>
    public bool HasCaller => job is not TicketJob && Answered is null;

    /// <summary>Where it stands among the outcomes that nobody has come for yet.</summary>
    public LinkedListNode<SessionWork>? Uncollected { get; set; }

    /// <summary>Told when nobody wants the result any more.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>What the job came to; set before the table learns of it.</summary>
    public JobResult? Result { get; set; }

    /// <summary>What a fault becomes for the one who asked, at the moment of the fault.</summary>
    public Func<Fault, Fault>? Translate { get; init; }

    /// <summary>Who is told instead of a caller that comes for it.</summary>
    public Action<WorkOutcome, bool>? Answered { get; init; }

    public Task<WorkOutcome> Outcome => _outcome.Task;

    /// <summary>When the outcome became known.</summary>
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
