namespace Wharf.Gateway.Hosting;

/// <summary>The lifetime of sessions. Section <c>Wharf:Sessions</c>.</summary>
public sealed class GatewaySessionOptions
{
    /// <summary>The minimum of <see cref="Duration"/>. Clients cannot renew a token reliably in less time.</summary>
    public static readonly TimeSpan ShortestDuration = TimeSpan.FromSeconds(10);

    /// <summary>The time for which a session's token is valid without a call; at least ten seconds.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(5);
}
