using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Logins by a key that all clients share.</summary>
/// <param name="key">The key.</param>
/// <param name="isLoopbackOnly">Whether the key is too weak for callers from other machines.</param>
internal sealed class PreSharedKeyHandler(string key, bool isLoopbackOnly = false) : IAuthenticationHandler
{
    public const string Identity = "super-user";

    private readonly byte[] _key = SHA256.HashData(Encoding.ASCII.GetBytes(key));

    public string Name => LoginSchemes.PreSharedKey;

    public bool IsLoopbackOnly => isLoopbackOnly;

    /// <summary>Generates a key for a server without configured logins: a random non-negative 64-bit number in base 36.</summary>
    public static string Generate()
    {
        const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(random) >> 1;
        var text = new StringBuilder(13);
        do
        {
            text.Insert(0, Digits[(int)(number % 36)]);
            number /= 36;
        }
        while (number != 0);
        return text.ToString();
    }

    // Compares hashes, so that the time does not depend on the length or the prefix of the key.
    public ValueTask<string?> AuthenticateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload.Span, hash);
        return ValueTask.FromResult(CryptographicOperations.FixedTimeEquals(hash, _key) ? Identity : null);
    }
}
