namespace Wharf.Gateway.Authentication;

/// <summary>One way to log in. Registered as a service; one with the name of a built-in way replaces it.</summary>
public interface IAuthenticationHandler
{
    /// <summary>The word with which such a login begins, exactly.</summary>
    string Name { get; }

    /// <summary>How the way is listed to clients that ask before they log in.</summary>
    string AdvertisedName => Name;

    /// <summary>Whether the server accepts such a login from loopback addresses only. The address is the one that trusted proxies forward, if there are such.</summary>
    bool IsLoopbackOnly => false;

    /// <summary>Checks credentials.</summary>
    /// <param name="payload">What follows the name: text in a header, any bytes in a handshake.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    /// <returns>Who it is, or null when the credentials are not good.</returns>
    ValueTask<string?> AuthenticateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>
    /// Checks a login. By default the credentials are the payload alone, and the principal is the name that <see cref="AuthenticateAsync"/> returns; a handler that also reads the
    /// certificate of the connection, or that returns roles or an end, implements this method.
    /// </summary>
    /// <param name="attempt">The credentials.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The principal, or null when the credentials are not good.</returns>
    async ValueTask<AuthenticatedPrincipal?> LoginAsync(LoginRequest attempt, CancellationToken cancellationToken) =>
        await AuthenticateAsync(attempt.Payload, cancellationToken) is { } identity ? new AuthenticatedPrincipal(identity) : null;
}
