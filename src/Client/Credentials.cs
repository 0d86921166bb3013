using System.Text;
using Wharf.Protocol;

namespace Wharf.Client;

/// <summary>How a client logs in. Printing it shows no secret.</summary>
public sealed class Credentials
{
    private Credentials(string scheme, string secret)
    {
        Scheme = scheme;
        AuthorizationValue = secret.Length == 0 ? scheme : $"{scheme} {secret}";
    }

    /// <summary>A login without a name, if the server allows it.</summary>
    public static Credentials Anonymous { get; } = new(LoginSchemes.Anonymous, "");

    /// <summary>The word that tells the server which login this is.</summary>
    public string Scheme { get; }

    /// <summary>What goes into the first request.</summary>
    internal string AuthorizationValue { get; }

    /// <summary>A login by user name and password.</summary>
    /// <param name="user">The user, without a colon.</param>
    /// <param name="password">The password.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">The user name contains a colon, at which the server would split it.</exception>
    public static Credentials Basic(string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        if (user.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException("a user name has no colon", nameof(user));
        return new(LoginSchemes.Basic, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    /// <summary>A login by the key that all clients of the server share.</summary>
    /// <param name="key">The key, in ASCII.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">The key is empty or does not fit a header.</exception>
    public static Credentials PreSharedKey(string key) => Custom(LoginSchemes.PreSharedKey, key);

    /// <summary>A login by the certificate of the connection, which <see cref="SessionOptions.HttpHandler"/> presents.</summary>
    public static Credentials Certificate { get; } = new(LoginSchemes.Certificate, "");

    /// <summary>A login by a token (JWT) of an issuer that the server accepts.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">The token is empty or does not fit a header.</exception>
    public static Credentials Token(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return Custom(LoginSchemes.Bearer, token);
    }

    /// <summary>A login that the server offers under another word.</summary>
    /// <param name="scheme">The word, without spaces.</param>
    /// <param name="token">What the server's handler expects; may be empty.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">The word is empty or contains a space, or one of the two does not fit a header.</exception>
    public static Credentials Custom(string scheme, string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        ArgumentNullException.ThrowIfNull(token);
        if (scheme.Contains(' ', StringComparison.Ordinal) || !IsHeaderText(scheme))
            throw new ArgumentException("a login's word is ASCII without spaces", nameof(scheme));
        if (!IsHeaderText(token))
            throw new ArgumentException("a login's token is printable ASCII", nameof(token));
        return new(scheme, token);
    }

    /// <summary>Names the kind of login.</summary>
    /// <returns>The word alone.</returns>
    public override string ToString() => Scheme;

    private static bool IsHeaderText(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
