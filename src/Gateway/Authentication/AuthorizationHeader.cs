using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Parses the <c>authorization</c> header. It does not verify tokens.</summary>
internal static class AuthorizationHeader
{
    /// <summary>Returns the text after <c>Bearer </c>, or null if the header has another scheme.</summary>
    public static string? Token(string value) =>
        value.StartsWith(WireHeaders.BearerPrefix, StringComparison.Ordinal) ? value[WireHeaders.BearerPrefix.Length..] : null;

    /// <summary>Splits a login at the first space into its scheme and its payload.</summary>
    public static LoginAttempt Login(string value)
    {
        int space = value.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? new LoginAttempt(value, "") : new LoginAttempt(value[..space], value[(space + 1)..]);
    }

    /// <summary>Returns the possible logins of a header, in the order in which they are tried. The text after <c>Bearer </c> may itself be a scheme with a payload.</summary>
    public static IEnumerable<LoginAttempt> Logins(string value)
    {
        yield return Login(value);
        if (Token(value) is { Length: > 0 } rest)
            yield return Login(rest);
    }

    /// <summary>Returns the token of a cookie header whose only cookie is the token's; null for any other header.</summary>
    public static string? CookieToken(string header) => header.TrimEnd('=').Split('=') is [WireHeaders.AuthCookie, var token] ? token : null;
}

/// <summary>A login in text.</summary>
internal readonly record struct LoginAttempt(string Scheme, string Payload);
