using Orleans.Placement;
using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Sharing;

/// <summary>A shared ticket: whose export it stands for, while it stands for one. It lives where its publisher's session does, so that it is lost with it only.</summary>
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
        // Asked after before it is published, it must not stay where it was asked.
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
