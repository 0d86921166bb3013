namespace Wharf.Grains.Sharing;

/// <summary>A shared ticket. The key is the hex text of the bytes after the ticket's <c>h</c>.</summary>
[GrainInterfaceType("wharf.shared-ticket")]
[Alias("wharf.ISharedTicketGrain")]
public interface ISharedTicketGrain : ITicketGrain
{
    /// <summary>Takes the ticket for an export.</summary>
    /// <param name="target">Whose export.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the ticket is taken.</returns>
    [Alias("Publish")]
    Task<bool> PublishAsync(SharedTarget target, CancellationToken cancellationToken = default);

    /// <summary>Frees the ticket, if it still belongs to the target.</summary>
    /// <param name="target">Whose export it was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is free.</returns>
    [Alias("Withdraw")]
    Task WithdrawAsync(SharedTarget target, CancellationToken cancellationToken = default);

    /// <summary>Asks what the ticket stands for.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The publisher's export, or null when the ticket is free.</returns>
    [Alias("GetTarget")]
    Task<SharedTarget?> GetTargetAsync(CancellationToken cancellationToken = default);
}

/// <summary>What a shared ticket stands for.</summary>
/// <param name="SessionId">The publisher.</param>
/// <param name="ExportId">The publisher's export.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.SharedTarget")]
public sealed record SharedTarget([property: Id(0)] string SessionId, [property: Id(1)] int ExportId);
