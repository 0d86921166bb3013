using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Wharf.Gateway.Authentication;

/// <summary>The public keys of an issuer.</summary>
/// <param name="Issuer">The name of the issuer.</param>
/// <param name="Keys">The keys that can verify signatures.</param>
internal sealed record IssuerKeys(string Issuer, IReadOnlyList<SecurityKey> Keys)
{
    private const int LeastRsaBits = 2048;
    private const int MaxDocumentBytes = 1024 * 1024;

    /// <summary>Parses a key set (JWKS).</summary>
    /// <exception cref="ArgumentException">The text is not a set of keys.</exception>
    public static IssuerKeys Read(string keySet, string issuer) => Of(issuer, new JsonWebKeySet(keySet).GetSigningKeys());

    /// <summary>Returns the keys that may have signed a token.</summary>
    public IReadOnlyList<SecurityKey> Find(string? keyId) =>
        string.IsNullOrEmpty(keyId) ? Keys : [.. Keys.Where(key => string.Equals(key.KeyId, keyId, StringComparison.Ordinal))];

    /// <summary>Creates the function that reads the keys of the configured issuer.</summary>
    public static Func<CancellationToken, Task<IssuerKeys>> Source(JwtOptions options, HttpMessageHandler transport)
    {
        if (options.KeysPath is { Length: > 0 } path)
            return async cancellationToken => Read(await File.ReadAllTextAsync(path, cancellationToken), options.Issuer!);
        var authority = new Uri(options.Authority!);
        var client = new HttpClient(transport, disposeHandler: false) { MaxResponseContentBufferSize = MaxDocumentBytes, Timeout = Timeout.InfiniteTimeSpan };
        var documents = new HttpDocumentRetriever(client) { RequireHttps = !authority.IsLoopback };
        var address = options.Authority!.TrimEnd('/') + "/.well-known/openid-configuration";
        return async cancellationToken =>
        {
            var document = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, cancellationToken);
            var issuer = string.IsNullOrEmpty(options.Issuer) ? document.Issuer : options.Issuer;
            return string.IsNullOrEmpty(issuer) ? throw new FormatException("the document of the issuer names no issuer") : Of(issuer, document.SigningKeys);
        };
    }

    // Symmetric keys (oct) are excluded: an RSA public key could be used as a symmetric one.
    private static IssuerKeys Of(string issuer, IEnumerable<SecurityKey> keys) => new(
        issuer, [.. keys.Where(static key => key is ECDsaSecurityKey || (key is RsaSecurityKey or X509SecurityKey && key.KeySize >= LeastRsaBits))]);
}
