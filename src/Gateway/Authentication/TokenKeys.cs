using System.Security.Cryptography;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>The keys that sign this node's tokens: those of the configuration, or a random key, which no other node has.</summary>
internal sealed class TokenKeys(LoginOptions logins)
{
    /// <summary>The keys. The first signs tokens, all verify them.</summary>
    public byte[][] Keys { get; } = logins.TokenKey.Count > 0
        ? [.. logins.TokenKey.Select(Convert.FromBase64String)]
        : [RandomNumberGenerator.GetBytes(SessionTokenSigner.MinKeyBytes)];
}
