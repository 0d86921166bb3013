using Orleans.Placement;
using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Sharing;

/// <summary>
/// The assignment of a shared ticket to an export. The grain is placed on the silo of the publisher's session, so that it is lost only with the session.
/// </summary>
[GrainType("wharf.shared-ticket")]
[PreferLocalPlacement]
internal sealed class SharedTicketGrain : Grain, ISharedTicketGrain
{
    private SharedTarget? _target;

    public Task<bool> PublishAsync(SharedTarget target, CancellationToken cancellationToken)
    {
        _target ??= target;
        DelayDeactivation(TimeSpan.MaxValue);
        return Task.FromResult(_target == target);
    }

    public Task WithdrawAsync(SharedTarget target, CancellationToken cancellationToken)
    {
        if (_target == target)
        {
            _target = null;
            // Also ends the delay that PublishAsync requested. DelayDeactivation(Zero) would keep the activation until the next collection.
            DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }

    public Task<SharedTarget?> GetTargetAsync(CancellationToken cancellationToken)
    {
        // A call before the publication must not place the grain on the caller's silo permanently.
        if (_target is null)
            DeactivateOnIdle();
        return Task.FromResult(_target);
    }

    public async Task<ObjectReference?> LookupAsync(string ticket, CancellationToken cancellationToken)
    {
        if (_target is not { } target)
            return null;
        var publisher = GrainFactory.GetGrain<ISessionGrain>(target.SessionId);
        return await publisher.PublishesAsync(target.ExportId, this.GetPrimaryKeyString(), cancellationToken)
            ? await publisher.LookupAsync(new ExportTicket(target.ExportId).CanonicalIn(target.SessionId), cancellationToken)
            : null;
    }
}
