using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Wharf.Security;

/// <summary>Issues tokens for tests, signed with keys of its own.</summary>
internal sealed class TestIssuer : IDisposable
{
    public const string Name = "https://issuer.test";
    public const string Audience = "wharf";

    // Keys of RSA take a while to make.
    private static readonly Lazy<RSA>[] Keys = [new(static () => RSA.Create(2048)), new(static () => RSA.Create(2048))];

    private readonly string _folder = Directory.CreateTempSubdirectory("wharf-issuer").FullName;
    private int _key;

    public TestIssuer(int key = 0)
    {
        _key = key;
        File.WriteAllText(KeysPath, KeySet);
    }

    /// <summary>The file with the public keys.</summary>
    public string KeysPath => Path.Combine(_folder, "keys.json");

    public RSA Key => Keys[_key].Value;

    public string KeyId => $"key-{_key}";

    /// <summary>The public key as text.</summary>
    public string KeySet
    {
        get
        {
            var numbers = Key.ExportParameters(includePrivateParameters: false);
            return JsonSerializer.Serialize(new
            {
                keys = new[] { new { kty = "RSA", use = "sig", kid = KeyId, n = Base64UrlEncoder.Encode(numbers.Modulus), e = Base64UrlEncoder.Encode(numbers.Exponent) } },
            });
        }
    }

    /// <summary>Replaces the key.</summary>
    public void Rotate()
    {
        _key = 1 - _key;
        File.WriteAllText(KeysPath, KeySet);
    }

    /// <summary>Makes a token for an hour, unless it is changed.</summary>
    public string Token(string subject, string[]? roles = null, DateTimeOffset? now = null, Action<SecurityTokenDescriptor>? change = null)
    {
        var issued = (now ?? DateTimeOffset.UtcNow).UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = Audience,
            IssuedAt = issued,
            NotBefore = issued,
            Expires = issued.AddHours(1),
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["roles"] = roles ?? [] },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(Key) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>Makes a token by hand: any header, any signature.</summary>
    public static string Raw(object header, object payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(payload))}";
        return $"{signed}.{Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The settings of a server that accepts the tokens by the file of keys.</summary>
    public void Accept(IDictionary<string, string?> settings)
    {
        settings["Wharf:Auth:Jwt:KeysPath"] = KeysPath;
        settings["Wharf:Auth:Jwt:Issuer"] = Name;
        settings["Wharf:Auth:Jwt:Audiences:0"] = Audience;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
