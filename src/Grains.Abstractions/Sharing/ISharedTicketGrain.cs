namespace Wharf.Grains.Sharing;

/// <summary>A shared ticket. The key is the hex text of the bytes after the ticket's <c>h</c>.</summary>
[GrainInterfaceType("wharf.shared-ticket")]
[Alias("wharf.ISharedTicketGrain")]
public interface ISharedTicketGrain : ITicketGrain
{
    /// <summary>Assigns the ticket to an export.</summary>
    /// <param name="target">The export.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>False if the ticket is taken.</returns>
    [Alias("Publish")]
    Task<bool> PublishAsync(SharedTarget target, CancellationToken cancellationToken = default);

    /// <summary>Frees the ticket if it is still assigned to the target.</summary>
    /// <param name="target">The export.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the ticket is free.</returns>
    [Alias("Withdraw")]
    Task WithdrawAsync(SharedTarget target, CancellationToken cancellationToken = default);

    /// <summary>Returns the export that the ticket is assigned to.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The publisher's export, or null if the ticket is free.</returns>
    [Alias("GetTarget")]
    Task<SharedTarget?> GetTargetAsync(CancellationToken cancellationToken = default);
}

/// <summary>The export that a shared ticket is assigned to.</summary>
/// <param name="SessionId">The publisher.</param>
/// <param name="ExportId">The publisher's export.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.SharedTarget")]
public sealed record SharedTarget([property: Id(0)] string SessionId, [property: Id(1)] int ExportId);
