using Wharf.Grains.Sharing;

namespace Wharf.Grains.Sessions;

/// <summary>The exports that a session publishes under shared tickets. Not thread-safe: the session uses it on its scheduler.</summary>
/// <param name="sessionId">The session.</param>
/// <param name="table">The exports of the session.</param>
/// <param name="places">Counts the shared tickets of the session.</param>
/// <param name="calls">Calls other grains.</param>
/// <param name="apply">Applies the side effects of the table.</param>
internal sealed class PublishedExports(string sessionId, ExportTable table, SessionPlaces places, RetryingCalls calls, Action apply)
{
    private readonly HashSet<Task> _withdrawals = [];

    /// <summary>Returns whether an export is published under a shared ticket.</summary>
    public bool Contains(int exportId, string sharedId) => table.IsPublished(exportId, sharedId);

    /// <summary>Publishes an export; see <see cref="ISessionGrain.PublishAsync"/>.</summary>
    public async Task PublishAsync(int exportId, string sharedId, CancellationToken cancellationToken)
    {
        if (Contains(exportId, sharedId))
            throw SharedFaults.Taken();
        var shared = calls.Grains.GetGrain<ISharedTicketGrain>(sharedId);
        var isPublished = TryPublish(exportId, sharedId);
        apply();
        if (!isPublished)
        {
            // Already released: the ticket would be withdrawn at once.
            if (await shared.GetTargetAsync(cancellationToken) is not null)
                throw SharedFaults.Taken();
            return;
        }

        var target = new SharedTarget(sessionId, exportId);
        try
        {
            if (!await calls.RepeatAsync(token => TryTakeTicketAsync(shared, target, token), cancellationToken))
                throw SharedFaults.Taken();
        }
        catch (Exception failed)
        {
            Unpublish(exportId, sharedId);
            if (failed is not FaultException)
                await WithdrawAsync(exportId, sharedId);
            throw;
        }

        // If the export was released in the meantime, its withdrawal may have preceded the publication.
        if (!Contains(exportId, sharedId))
            await WithdrawAsync(exportId, sharedId);
    }

    /// <summary>Frees the shared ticket of an export that the table has removed.</summary>
    public void OnWithdrawn(int exportId, string sharedId)
    {
        places.Leave();
        _ = WithdrawAsync(exportId, sharedId);
    }

    /// <summary>Returns the fault for another session that has fetched an export. Withdraws the shared ticket if the object is lost.</summary>
    public Fault TranslateFault(SharedFetch fetch, Fault fault)
    {
        if (!Contains(fetch.ExportId, fetch.SharedId))
            return SharedFaults.NothingShared;
        if (fault.Code != FaultCode.DataLoss)
            return fault;
        Unpublish(fetch.ExportId, fetch.SharedId);
        _ = WithdrawAsync(fetch.ExportId, fetch.SharedId);
        return SharedFaults.NothingShared;
    }

    /// <summary>Returns a task that completes when the withdrawn shared tickets are free.</summary>
    public Task WhenWithdrawnAsync() => Task.WhenAll(_withdrawals);

    private bool TryPublish(int exportId, string sharedId)
    {
        places.Enter();
        var isPublished = false;
        try
        {
            return isPublished = table.Publish(exportId, sharedId);
        }
        finally
        {
            if (!isPublished)
                places.Leave();
        }
    }

    private void Unpublish(int exportId, string sharedId)
    {
        if (table.Unpublish(exportId, sharedId))
            places.Leave();
    }

    private async Task<bool> TryTakeTicketAsync(ISharedTicketGrain shared, SharedTarget target, CancellationToken cancellationToken)
    {
        if (await shared.PublishAsync(target, cancellationToken))
            return true;

        // A publisher that was lost with its node could not withdraw its tickets.
        if (await shared.GetTargetAsync(cancellationToken) is not { } other
            || await calls.Grains.GetGrain<ISessionGrain>(other.SessionId).PublishesAsync(other.ExportId, shared.GetPrimaryKeyString(), cancellationToken))
        {
            return false;
        }

        await shared.WithdrawAsync(other, cancellationToken);
        return await shared.PublishAsync(target, cancellationToken);
    }

    private async Task WithdrawAsync(int exportId, string sharedId)
    {
        var withdrawal = calls.WithdrawAsync(sharedId, new SharedTarget(sessionId, exportId));
        _withdrawals.Add(withdrawal);
        await withdrawal;
        _withdrawals.Remove(withdrawal);
    }
}
