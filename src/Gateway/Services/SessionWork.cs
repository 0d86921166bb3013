using System.Collections.Immutable;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Tables;
using Wharf.Protocol;

namespace Wharf.Gateway.Services;

/// <summary>
/// Hands work to a session and waits for it, as long as it takes, in steps of what one grain call may wait. No other type submits tickets to a session, and this one takes tickets that
/// are authorized.
/// </summary>
internal sealed class SessionWork(IGrainFactory grains, GatewayDrain drain, Permissions permissions)
{
    // What waited for an export of a session that ended has been given up with it.
    private static readonly Fault GivenUp = new(FaultCode.Cancelled, StatusTexts.ExportCancelled);

    /// <summary>Makes an export of the object behind a ticket.</summary>
    /// <exception cref="FaultException">It was refused, or failed.</exception>
    public async Task ReferAsync(CallSession session, int resultId, AuthorizedTickets source, CancellationToken cancellationToken)
    {
        if (!source.DependsOnKind)
        {
            await SubmitAsync(session, new ReferenceWork(resultId, source.Text), cancellationToken);
            return;
        }

        // The object that was authorized is the one that is exported, whatever its name refers to a moment later.
        await using var held = await ResolveAsync(session, source, cancellationToken);
        await AdoptAsync(session, resultId, held.References[0], held.Holder, cancellationToken);
    }

    /// <summary>Gives the object behind a ticket a name in the scope.</summary>
    /// <exception cref="FaultException">It was refused, or failed.</exception>
    public async Task BindAsync(CallSession session, AuthorizedTickets source, AuthorizedTickets variable, bool tablesOnly, CancellationToken cancellationToken)
    {
        if (!tablesOnly)
            source.DemandEveryKind(permissions, session.Caller);
        await SubmitAsync(session, new BindWork(source.Text, variable.Text, tablesOnly), cancellationToken);
    }

    /// <summary>Computes a table.</summary>
    /// <exception cref="FaultException">It was refused, or failed.</exception>
    public Task<WorkOutcome> ComputeAsync(CallSession session, AuthorizedOperation operation, CancellationToken cancellationToken) =>
        SubmitAsync(session, operation.ToWork(), cancellationToken);

    /// <summary>Takes a batch of table operations.</summary>
    /// <returns>The batch's id.</returns>
    /// <exception cref="FaultException">The batch was refused.</exception>
    public Task<long> SubmitBatchAsync(CallSession session, ImmutableArray<AuthorizedOperation> operations, CancellationToken cancellationToken) =>
        session.Grain.SubmitBatchAsync(new BatchWork([.. operations.Select(static operation => operation.ToWork())]), cancellationToken);

    /// <summary>Makes an export of an object that is there already.</summary>
    /// <exception cref="FaultException">It was refused.</exception>
    public Task AdoptAsync(CallSession session, int resultId, ObjectReference reference, string holder, CancellationToken cancellationToken) =>
        SubmitAsync(session, new AdoptWork(resultId, reference, holder), cancellationToken);

    /// <summary>Makes a failed export, so that what waits for it does not wait any longer.</summary>
    /// <exception cref="FaultException">It was refused, or failed as it should.</exception>
    public Task FailAsync(CallSession session, int resultId, Fault fault, CancellationToken cancellationToken) =>
        SubmitAsync(session, new FailWork(resultId, fault), cancellationToken);

    /// <summary>Publishes an export of the session under a shared ticket.</summary>
    /// <exception cref="FaultException">ALREADY_EXISTS: the ticket is taken.</exception>
    public Task PublishAsync(CallSession session, int exportId, AuthorizedTickets shared, CancellationToken cancellationToken) =>
        session.Grain.PublishAsync(exportId, shared.Text[(SharedTicket.Word.Length + 1)..], cancellationToken);

    /// <summary>Finds the objects behind tickets and holds them until the result is disposed of.</summary>
    /// <exception cref="FaultException">One of them did not resolve.</exception>
    public async Task<HeldObjects> ResolveAsync(CallSession session, AuthorizedTickets tickets, CancellationToken cancellationToken)
    {
        var holder = Holder.OfCall(Guid.NewGuid().ToString("N"));
        return new HeldObjects(grains, await ResolveAsync(session, tickets, holder, GrainLimits.CallLease, cancellationToken), holder);
    }

    /// <summary>Finds the objects behind tickets for a holder of the caller's choice.</summary>
    /// <exception cref="FaultException">One of them did not resolve or may not be passed on; none is held.</exception>
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
        // The call itself is never cut short: what it found would stay held by nobody's name.
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
            // The session has gone, and with it whatever it looked for.
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
            throw new FaultException(drain.Ends(session.Id) ? GivenUp : GatewayDrain.Stopping);
        }
        catch (FaultException gone) when (gone.Fault.Code == FaultCode.Unauthenticated)
        {
            throw new FaultException(GivenUp);
        }
    }
}

/// <summary>A table operation on sources that the caller may read.</summary>
/// <param name="ResultId">The export for the result; 0 for none.</param>
/// <param name="Sources">The input tables.</param>
/// <param name="Operation">The operation.</param>
internal readonly record struct AuthorizedOperation(int ResultId, AuthorizedTickets Sources, PortableOperation Operation)
{
    /// <summary>The operation as work for a session.</summary>
    public TableWork ToWork() => new(ResultId, Sources.Texts, Operation);
}

/// <summary>Objects that a call uses, held until it is over.</summary>
internal sealed class HeldObjects(IGrainFactory grains, ImmutableArray<ObjectReference> references, string holder) : IAsyncDisposable
{
    /// <summary>The objects, in the order of the tickets.</summary>
    public ImmutableArray<ObjectReference> References { get; } = references;

    /// <summary>The holder.</summary>
    public string Holder => holder;

    /// <summary>Lets go. A node that cannot be reached now forgets the hold by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var reference in References)
        {
            if (!reference.IsLive)
                continue;
            try
            {
                await grains.GetHeld(reference).LetGoAsync(holder, CancellationToken.None);
            }
            catch (Exception) when (reference.IsLive)
            {
            }
        }
    }
}

/// <summary>From references to grains.</summary>
internal static class ObjectGrains
{
    /// <summary>The grain that holds a live object.</summary>
    public static IHeldGrain GetHeld(this IGrainFactory grains, ObjectReference reference) => reference.Kind == ObjectKind.Table
        ? grains.GetGrain<Grains.Tables.ITableGrain>(reference.ObjectId)
        : grains.GetGrain<IPluginObjectGrain>(reference.ObjectId);
}
