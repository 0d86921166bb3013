using System.Text;
using Wharf.Protocol;

namespace Wharf.Client;

/// <summary>The credentials of a login. <see cref="ToString"/> does not contain the secret.</summary>
public sealed class Credentials
{
    private Credentials(string scheme, string secret)
    {
        Scheme = scheme;
        AuthorizationValue = secret.Length == 0 ? scheme : $"{scheme} {secret}";
    }

    /// <summary>An anonymous login, if the server allows it.</summary>
    public static Credentials Anonymous { get; } = new(LoginSchemes.Anonymous, "");

    /// <summary>The authentication scheme.</summary>
    public string Scheme { get; }

    /// <summary>The value of the <c>authorization</c> header of the first request.</summary>
    internal string AuthorizationValue { get; }

    /// <summary>A login by user name and password.</summary>
    /// <param name="user">The user, without a colon.</param>
    /// <param name="password">The password.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">The user name contains a colon, which separates it from the password.</exception>
    public static Credentials Basic(string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        if (user.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException("a user name must not contain a colon", nameof(user));
        return new(LoginSchemes.Basic, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    /// <summary>A login by the key that all clients of the server share.</summary>
    /// <param name="key">The key, in ASCII.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">The key is empty or is not printable ASCII.</exception>
    public static Credentials PreSharedKey(string key) => Custom(LoginSchemes.PreSharedKey, key);

    /// <summary>A login by the certificate of the connection, which <see cref="SessionOptions.HttpHandler"/> presents.</summary>
    public static Credentials Certificate { get; } = new(LoginSchemes.Certificate, "");

    /// <summary>A login by a token (JWT) of an issuer that the server accepts.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">The token is empty or is not printable ASCII.</exception>
    public static Credentials Token(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return Custom(LoginSchemes.Bearer, token);
    }

    /// <summary>A login by another authentication scheme of the server.</summary>
    /// <param name="scheme">The scheme, without spaces.</param>
    /// <param name="token">The credentials in the form that the scheme expects; may be empty.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">
    /// The scheme is empty or contains a space, or the scheme or the token is not printable ASCII.
    /// </exception>
    public static Credentials Custom(string scheme, string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        ArgumentNullException.ThrowIfNull(token);
        if (scheme.Contains(' ', StringComparison.Ordinal) || !IsHeaderText(scheme))
            throw new ArgumentException("an authentication scheme is printable ASCII without spaces", nameof(scheme));
        if (!IsHeaderText(token))
            throw new ArgumentException("the token of a login is printable ASCII", nameof(token));
        return new(scheme, token);
    }

    /// <summary>Returns the authentication scheme.</summary>
    /// <returns>The scheme, without the secret.</returns>
    public override string ToString() => Scheme;

    private static bool IsHeaderText(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
