using Wharf.Grains.Fields;

namespace Wharf.Grains.Sessions;

/// <summary>
/// The variables that a session sets. They are in the scope that all sessions share and belong to the session's principal. Those of an anonymous session are in
/// a scope of its own, unless the settings permit the shared scope. Variables of anonymous sessions end with their session.
/// </summary>
/// <param name="claim">The session's principal.</param>
/// <param name="own">The session's own scope; null if its variables are shared.</param>
/// <param name="endsWithSession">Whether the shared variables of the session end with it.</param>
/// <param name="calls">Calls other grains.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionVariables(FieldClaim claim, OwnScope? own, bool endsWithSession, RetryingCalls calls, TimeProvider time)
{
    private static readonly FieldList NoVariables = new(1, []);

    private readonly HashSet<string> _shared = new(StringComparer.Ordinal);
    private bool _hasEnded;

    private IFieldDirectoryGrain Directory => calls.Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);

    /// <summary>Sets a variable.</summary>
    /// <param name="ticket">The variable's ticket, in canonical text.</param>
    /// <param name="reference">The object, held by the caller during the call.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <exception cref="FaultException">
    /// PERMISSION_DENIED: the name belongs to another principal. INVALID_ARGUMENT: the name is invalid. RESOURCE_EXHAUSTED.
    /// </exception>
    public async Task PutAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken)
    {
        if (own is not null)
        {
            await PutOwnAsync(own, ticket, reference, cancellationToken);
            return;
        }

        await calls.RepeatAsync(token => Directory.SetAsync(ticket, reference, claim, token), cancellationToken);
        if (!endsWithSession)
            return;
        _shared.Add(ticket);
        if (_hasEnded)
            await RemoveSharedAsync();
    }

    /// <summary>Finds the object of a variable in the session's own scope.</summary>
    /// <returns>The object; null if the variable must be resolved in the shared scope.</returns>
    public ObjectReference? FindOwn(string ticket) => own?.Find(ticket);

    /// <summary>Reads the session's own scope, as <see cref="IFieldDirectoryGrain.ReadAsync"/> reads the shared one.</summary>
    public async Task<FieldList> ReadOwnAsync(long version, CancellationToken cancellationToken)
    {
        if (own is not null)
            return await own.ReadAsync(version, cancellationToken);
        if (version == NoVariables.Version)
            await Task.Delay(GrainLimits.LongestWait, time, cancellationToken);
        return NoVariables;
    }

    /// <summary>Removes the variables that end with the session.</summary>
    /// <returns>Completes when they are removed.</returns>
    public Task EndAsync()
    {
        _hasEnded = true;
        return own is not null ? own.EndAsync() : RemoveSharedAsync();
    }

    private async Task PutOwnAsync(OwnScope scope, string ticket, ObjectReference reference, CancellationToken cancellationToken)
    {
        // A name of the own scope must not hide a name of the shared scope.
        if (scope.Find(ticket) is null)
            await calls.RepeatAsync(token => Directory.DemandFreeAsync(ticket, claim, token), cancellationToken);
        await scope.PutAsync(ticket, reference, cancellationToken);
    }

    private async Task RemoveSharedAsync()
    {
        var tickets = _shared.ToArray();
        _shared.Clear();
        foreach (var ticket in tickets)
        {
            try
            {
                await calls.RepeatAsync(token => Directory.RemoveAsync(ticket, claim with { MayReplaceOthers = false }, token), CancellationToken.None);
            }
            catch (FaultException refused) when (refused.Fault.Code == FaultCode.PermissionDenied)
            {
                // Another principal has replaced the variable.
            }
            catch (Exception failed)
            {
                _ = Faults.From(failed, calls.Logger);
            }
        }
    }
}
