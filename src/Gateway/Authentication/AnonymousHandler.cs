using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Logins without a name and a secret.</summary>
internal sealed class AnonymousHandler : IAuthenticationHandler
{
    public const string Identity = "anonymous";

    public string Name => LoginSchemes.Anonymous;

    public string AdvertisedName => "io.deephaven.auth.AnonymousAuthenticationHandler";

    public ValueTask<string?> AuthenticateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        ValueTask.FromResult(payload.IsEmpty ? Identity : null);
}
