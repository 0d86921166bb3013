using System.Collections.Immutable;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Gateway.Services;

/// <summary>Hands work to a session and waits for it, as long as it takes, in steps of what one grain call may wait.</summary>
internal sealed class SessionWork(IGrainFactory grains, GatewayDrain drain)
{
    // What waited for an export of a session that ended has been given up with it.
    private static readonly Fault GivenUp = new(FaultCode.Cancelled, StatusTexts.ExportCancelled);

    /// <summary>Does work.</summary>
    /// <exception cref="FaultException">It was refused, or failed.</exception>
    public async Task<WorkOutcome> SubmitAsync(CallSession session, ExportWork work, CancellationToken cancellationToken)
    {
        var outcome = await session.Grain.SubmitAsync(work, cancellationToken);
        if (outcome.Session is { } status)
            session.Confirm(status);
        if (!outcome.IsDone)
            outcome = await AwaitAsync(session, outcome.WorkId, cancellationToken);
        return outcome.Fault is { } fault ? throw new FaultException(fault) : outcome;
    }

    /// <summary>Finds the objects behind tickets and holds them until the result is disposed of.</summary>
    /// <exception cref="FaultException">One of them did not resolve.</exception>
    public async Task<HeldObjects> ResolveAsync(CallSession session, ImmutableArray<string> tickets, CancellationToken cancellationToken)
    {
        var holder = Holder.OfCall(Guid.NewGuid().ToString("N"));
        var outcome = await ResolveAsync(session, new ResolveRequest(tickets, holder, GrainLimits.CallLease), cancellationToken);
        return new HeldObjects(grains, outcome.References, holder);
    }

    /// <summary>Finds the objects behind tickets for a holder of the caller's choice.</summary>
    /// <exception cref="FaultException">One of them did not resolve; none is held.</exception>
    public async Task<WorkOutcome> ResolveAsync(CallSession session, ResolveRequest request, CancellationToken cancellationToken)
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

/// <summary>Objects that a call uses, held until it is over.</summary>
internal sealed class HeldObjects(IGrainFactory grains, ImmutableArray<ObjectReference> references, string holder) : IAsyncDisposable
{
    /// <summary>The objects, in the order of the tickets.</summary>
    public ImmutableArray<ObjectReference> References { get; } = references;

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
