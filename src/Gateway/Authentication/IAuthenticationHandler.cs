namespace Wharf.Gateway.Authentication;

/// <summary>Handles the logins of one authentication scheme. Register it as a service; a handler with the name of a built-in scheme replaces the built-in handler.</summary>
public interface IAuthenticationHandler
{
    /// <summary>The scheme with which such a login begins. It is case-sensitive.</summary>
    string Name { get; }

    /// <summary>The name of the scheme in the authentication constants that clients read before they log in.</summary>
    string AdvertisedName => Name;

    /// <summary>Whether the server accepts such a login from loopback addresses only. The address is the one that trusted proxies forward, if there are such.</summary>
    bool IsLoopbackOnly => false;

    /// <summary>Verifies credentials.</summary>
    /// <param name="payload">The part after the scheme: text in a header, any bytes in a handshake.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The name of the principal, or null if the credentials are invalid.</returns>
    ValueTask<string?> AuthenticateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>
    /// Verifies a login. By default it passes the payload to <see cref="AuthenticateAsync"/> and returns a principal with that name. Implement this method to read the certificate of the
    /// connection, or to return roles or an end of the session.
    /// </summary>
    /// <param name="attempt">The credentials.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The principal, or null if the credentials are invalid.</returns>
    async ValueTask<AuthenticatedPrincipal?> LoginAsync(LoginRequest attempt, CancellationToken cancellationToken) =>
        await AuthenticateAsync(attempt.Payload, cancellationToken) is { } identity ? new AuthenticatedPrincipal(identity) : null;
}
