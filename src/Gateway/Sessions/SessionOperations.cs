using System.Collections.Immutable;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Drain;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Tables;
using Wharf.Protocol;

namespace Wharf.Gateway.Sessions;

/// <summary>
/// Submits operations to a session and waits for their results by long polls, because the wait of one grain call is limited. Only this type submits tickets to a session, and it accepts
/// authorized tickets only.
/// </summary>
internal sealed class SessionOperations(IGrainFactory grains, GatewayDrain drain, Permissions permissions)
{
    // The failure of operations whose session has ended.
    private static readonly Fault SessionEnded = new(FaultCode.Cancelled, StatusTexts.ExportCancelled);

    /// <summary>Exports the object of a ticket.</summary>
    /// <exception cref="FaultException">The operation was refused or failed.</exception>
    public async Task ReferAsync(CallSession session, int resultId, AuthorizedTickets source, CancellationToken cancellationToken)
    {
        if (!source.DependsOnKind)
        {
            await SubmitAsync(session, new ReferenceWork(resultId, source.Text), cancellationToken);
            return;
        }

        // Exports the resolved object, because the name may refer to another object by the time the session resolves it.
        await using var held = await ResolveAsync(session, source, cancellationToken);
        await AdoptAsync(session, resultId, held.References[0], held.Holder, cancellationToken);
    }

    /// <summary>Binds the object of a ticket to a variable of the scope.</summary>
    /// <exception cref="FaultException">The operation was refused or failed.</exception>
    public async Task BindAsync(CallSession session, AuthorizedTickets source, AuthorizedTickets variable, bool tablesOnly, CancellationToken cancellationToken)
    {
        if (!tablesOnly)
            source.DemandEveryKind(permissions, session.Caller);
        await SubmitAsync(session, new BindWork(source.Text, variable.Text, tablesOnly), cancellationToken);
    }

    /// <summary>Computes a table.</summary>
    /// <exception cref="FaultException">The operation was refused or failed.</exception>
    public Task<WorkOutcome> ComputeAsync(CallSession session, AuthorizedOperation operation, CancellationToken cancellationToken) =>
        SubmitAsync(session, operation.ToWork(), cancellationToken);

    /// <summary>Submits a batch of table operations.</summary>
    /// <returns>The id of the batch.</returns>
    /// <exception cref="FaultException">The batch was refused.</exception>
    public Task<long> SubmitBatchAsync(CallSession session, ImmutableArray<AuthorizedOperation> operations, CancellationToken cancellationToken) =>
        session.Grain.SubmitBatchAsync(new BatchWork([.. operations.Select(static operation => operation.ToWork())]), cancellationToken);

    /// <summary>Exports an existing object.</summary>
    /// <exception cref="FaultException">The operation was refused.</exception>
    public Task AdoptAsync(CallSession session, int resultId, ObjectReference reference, string holder, CancellationToken cancellationToken) =>
        SubmitAsync(session, new AdoptWork(resultId, reference, holder), cancellationToken);

    /// <summary>Creates a failed export, so that operations that wait for it fail.</summary>
    /// <exception cref="FaultException">Always: the operation was refused, or failed with the fault.</exception>
    public Task FailAsync(CallSession session, int resultId, Fault fault, CancellationToken cancellationToken) =>
        SubmitAsync(session, new FailWork(resultId, fault), cancellationToken);

    /// <summary>Publishes an export of the session under a shared ticket.</summary>
    /// <exception cref="FaultException">ALREADY_EXISTS: the ticket is in use.</exception>
    public Task PublishAsync(CallSession session, int exportId, AuthorizedTickets shared, CancellationToken cancellationToken) =>
        session.Grain.PublishAsync(exportId, shared.Text[(SharedTicket.Word.Length + 1)..], cancellationToken);

    /// <summary>Resolves tickets, and holds the objects until the result is disposed.</summary>
    /// <exception cref="FaultException">A ticket did not resolve.</exception>
    public async Task<HeldObjects> ResolveAsync(CallSession session, AuthorizedTickets tickets, CancellationToken cancellationToken)
    {
        var holder = Holder.OfCall(Guid.NewGuid().ToString("N"));
        return new HeldObjects(grains, await ResolveAsync(session, tickets, holder, GrainLimits.CallLease, cancellationToken), holder);
    }

    /// <summary>Resolves tickets for the given holder.</summary>
    /// <exception cref="FaultException">A ticket did not resolve, or may not be passed on. No object is held.</exception>
    public async Task<ImmutableArray<ObjectReference>> ResolveAsync(
        CallSession session, AuthorizedTickets tickets, string holder, TimeSpan? lease, CancellationToken cancellationToken)
    {
        var outcome = await ResolveAsync(session, new ResolveRequest(tickets.Texts, holder, lease), cancellationToken);
        if (!tickets.DependsOnKind)
            return outcome.References;
        try
        {
            tickets.DemandKinds(permissions, session.Caller, outcome.References);
            return outcome.References;
        }
        catch (FaultException)
        {
            await new HeldObjects(grains, outcome.References, holder).DisposeAsync();
            throw;
        }
    }

    private async Task<WorkOutcome> SubmitAsync(CallSession session, ExportWork work, CancellationToken cancellationToken)
    {
        var outcome = await session.Grain.SubmitAsync(work, cancellationToken);
        if (outcome.Session is { } status)
            session.Confirm(status);
        if (!outcome.IsDone)
            outcome = await AwaitAsync(session, outcome.WorkId, cancellationToken);
        return outcome.Fault is { } fault ? throw new FaultException(fault) : outcome;
    }

    private async Task<WorkOutcome> ResolveAsync(CallSession session, ResolveRequest request, CancellationToken cancellationToken)
    {
        // The grain call is not cancelled: its result must be known to release the objects.
        var resolving = session.Grain.ResolveAsync(request, CancellationToken.None);
        WorkOutcome outcome;
        try
        {
            outcome = await resolving.WaitAsync(cancellationToken);
            if (!outcome.IsDone)
                outcome = await AwaitAsync(session, outcome.WorkId, cancellationToken);
        }
        catch (Exception)
        {
            _ = AbandonAsync(session, resolving, request.Holder);
            throw;
        }
        return outcome.Fault is { } fault ? throw new FaultException(fault) : outcome;
    }

    private async Task AbandonAsync(CallSession session, Task<WorkOutcome> resolving, string holder)
    {
        try
        {
            var outcome = await resolving;
            if (!outcome.IsDone)
                await session.Grain.AbandonAsync(outcome.WorkId, CancellationToken.None);
            else if (!outcome.References.IsDefault)
                await new HeldObjects(grains, outcome.References, holder).DisposeAsync();
        }
        catch (Exception)
        {
            // The session has ended, which releases its objects.
        }
    }

    private async Task<WorkOutcome> AwaitAsync(CallSession session, long workId, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.StreamsEnd);
        try
        {
            while (true)
            {
                var outcome = await session.Grain.AwaitWorkAsync(workId, either.Token);
                if (outcome.IsDone)
                    return outcome;
            }
        }
        catch (OperationCanceledException) when (drain.HasBegun && !cancellationToken.IsCancellationRequested)
        {
            throw new FaultException(drain.IsEnding(session.Id) ? SessionEnded : GatewayDrain.Stopping);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.Unauthenticated)
        {
            throw new FaultException(SessionEnded);
        }
    }
}

/// <summary>A table operation on sources that the caller may read.</summary>
/// <param name="ResultId">The export for the result; 0 for none.</param>
/// <param name="Sources">The input tables.</param>
/// <param name="Operation">The operation.</param>
internal readonly record struct AuthorizedOperation(int ResultId, AuthorizedTickets Sources, PortableOperation Operation)
{
    /// <summary>Converts the operation for a session.</summary>
    public TableWork ToWork() => new(ResultId, Sources.Texts, Operation);
}
