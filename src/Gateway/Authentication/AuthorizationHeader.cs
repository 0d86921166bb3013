using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>What an <c>authorization</c> header may mean; pure text.</summary>
internal static class AuthorizationHeader
{
    /// <summary>What follows <c>Bearer </c>, or null when the header does not begin so.</summary>
    public static string? Token(string value) =>
        value.StartsWith(WireHeaders.BearerPrefix, StringComparison.Ordinal) ? value[WireHeaders.BearerPrefix.Length..] : null;

    /// <summary>A login: the word before the first space, and all that follows it.</summary>
    public static LoginAttempt Login(string value)
    {
        int space = value.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? new LoginAttempt(value, "") : new LoginAttempt(value[..space], value[(space + 1)..]);
    }

    /// <summary>The logins that a header may mean, in the order in which they are tried: what looks like a token gets a second chance as a login.</summary>
    public static IEnumerable<LoginAttempt> Logins(string value)
    {
        yield return Login(value);
        if (Token(value) is { Length: > 0 } rest)
            yield return Login(rest);
    }

    /// <summary>The token of a cookie header that has this one cookie and no other.</summary>
    public static string? CookieToken(string header) => header.TrimEnd('=').Split('=') is [WireHeaders.AuthCookie, var token] ? token : null;
}

/// <summary>A login in text.</summary>
internal readonly record struct LoginAttempt(string Scheme, string Payload);
