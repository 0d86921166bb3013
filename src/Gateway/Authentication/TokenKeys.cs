using System.Security.Cryptography;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>The keys that this node signs with: those of the configuration, or one that is made up and that no other node knows.</summary>
internal sealed class TokenKeys(LoginOptions logins)
{
    /// <summary>The first signs, all verify.</summary>
    public byte[][] Keys { get; } = logins.TokenKey.Count > 0
        ? [.. logins.TokenKey.Select(Convert.FromBase64String)]
        : [RandomNumberGenerator.GetBytes(SessionTokenSigner.MinKeyBytes)];
}
