using Microsoft.Extensions.Options;

namespace Wharf.Gateway.Authentication;

/// <summary>Validates <c>Wharf:Auth:Jwt</c>. The errors name the settings.</summary>
internal sealed class JwtOptionsValidation : IValidateOptions<LoginOptions>
{
    private static readonly TimeSpan LargestSkew = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, LoginOptions options)
    {
        var wrong = Wrong(options.Jwt).Select(static problem => $"Wharf:Auth:Jwt:{problem}").ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Wrong(JwtOptions options)
    {
        if (!options.IsEnabled)
        {
            if (!string.IsNullOrEmpty(options.Issuer) || options.Audiences.Count > 0)
                yield return $"{nameof(options.Authority)} is missing, and so is {nameof(options.KeysPath)}: one of them has the keys of the issuer";
            yield break;
        }

        if (options is { Authority.Length: > 0, KeysPath.Length: > 0 })
            yield return $"{nameof(options.Authority)} and {nameof(options.KeysPath)} are both set; keys have one source";
        else if (options.Authority is { Length: > 0 } authority && !IsAuthority(authority))
            yield return $"{nameof(options.Authority)} must be an address with https and without a user; http is accepted for a loopback address";
        else if (options.KeysPath is { Length: > 0 } path && ProblemOfKeys(path) is { } problem)
            yield return $"{nameof(options.KeysPath)} {problem}";
        if (options.KeysPath is { Length: > 0 } && string.IsNullOrEmpty(options.Issuer))
            yield return $"{nameof(options.Issuer)} is missing: a file of keys does not name the issuer";
        if (!options.Audiences.Any(static audience => audience.Length > 0))
            yield return $"{nameof(options.Audiences)} is empty: without an audience the tokens of every other service of the issuer would be accepted";
        if (options.NameClaim.Length == 0)
            yield return $"{nameof(options.NameClaim)} is empty";
        if (options.RolesClaim.Length == 0)
            yield return $"{nameof(options.RolesClaim)} is empty";
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > LargestSkew)
            yield return $"{nameof(options.ClockSkew)} must be from 00:00:00 to {LargestSkew:c} (found: {options.ClockSkew})";
        if (options.SessionExtension < TimeSpan.Zero)
            yield return $"{nameof(options.SessionExtension)} must not be negative (found: {options.SessionExtension})";
        if (options.RequestTimeout < TimeSpan.FromMilliseconds(100))
            yield return $"{nameof(options.RequestTimeout)} must be at least 00:00:00.1 (found: {options.RequestTimeout})";
        if (options.KeyRefresh < IssuerKeyCache.ShortestRefresh)
            yield return $"{nameof(options.KeyRefresh)} must be at least {IssuerKeyCache.ShortestRefresh:c} (found: {options.KeyRefresh})";
        if (options.KeyLifetime < options.KeyRefresh)
            yield return $"{nameof(options.KeyLifetime)} must be at least {nameof(options.KeyRefresh)}, {options.KeyRefresh} (found: {options.KeyLifetime})";
    }

    private static bool IsAuthority(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 } && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static string? ProblemOfKeys(string path)
    {
        if (!File.Exists(path))
            return "names a file that is not there";
        try
        {
            return IssuerKeys.Read(File.ReadAllText(path), issuer: "").Keys.Count > 0 ? null : "names a file without a key that can verify a signature (RSA from 2048 bits, EC)";
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return "names a file that is not a set of keys (JWKS)";
        }
    }
}
