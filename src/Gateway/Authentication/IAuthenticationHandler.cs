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
}
