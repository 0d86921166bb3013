namespace Wharf.Gateway.Hosting;

/// <summary>How long sessions live. Section <c>Wharf:Sessions</c>.</summary>
public sealed class GatewaySessionOptions
{
    /// <summary>The shortest life of a token that clients can live with.</summary>
    public static readonly TimeSpan ShortestDuration = TimeSpan.FromSeconds(10);

    /// <summary>How long a session's token is valid without a call; at least ten seconds.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(5);
}
