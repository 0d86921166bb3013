using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Wharf.Gateway.Authentication;

/// <summary>Reads the claims of a verified token.</summary>
internal static class TokenClaims
{
    /// <summary>Returns a text claim, or null.</summary>
    public static string? Text(JsonWebToken token, string claim)
    {
        using var payload = Payload(token);
        return Find(payload.RootElement, claim) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
    }

    /// <summary>Returns the names in a claim: a list of texts, or one text with blanks between the names.</summary>
    public static IReadOnlyList<string> Names(JsonWebToken token, string claim)
    {
        using var payload = Payload(token);
        return Find(payload.RootElement, claim) switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!)],
            { ValueKind: JsonValueKind.String } text => text.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            _ => [],
        };
    }

    private static JsonDocument Payload(JsonWebToken token) => JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));

    // The whole path is tried as a name first: claim names are often URLs, which have dots.
    private static JsonElement? Find(JsonElement claims, string path)
    {
        if (claims.ValueKind != JsonValueKind.Object)
            return null;
        if (claims.TryGetProperty(path, out var claim))
            return claim;
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && claims.TryGetProperty(path[..dot], out var inner) ? Find(inner, path[(dot + 1)..]) : null;
    }
}
