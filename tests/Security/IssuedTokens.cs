using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Wharf.Gateway.Authentication;

namespace Wharf.Security;

/// <summary>Logins by the tokens of an issuer (JWT).</summary>
public sealed class IssuedTokens : IDisposable
{
    private readonly TestIssuer _issuer = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly LoginOptions _options = new();
    private readonly Lazy<BearerHandler> _handler;

    public IssuedTokens()
    {
        _options.Jwt.KeysPath = _issuer.KeysPath;
        _options.Jwt.Issuer = TestIssuer.Name;
        _options.Jwt.Audiences.Add(TestIssuer.Audience);
        _handler = new(() => new BearerHandler(Options.Create(_options), _time, NullLogger<BearerHandler>.Instance));
    }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    [Fact]
    public async Task A_good_token_names_its_principal_and_roles()
    {
        var principal = await LoginAsync(Token(roles: ["reader", "writer"]));

        Assert.Equal("ann", principal!.Identity);
        Assert.Equal(["reader", "writer"], principal.Roles);
        // The session ends with the token, and the tolerated difference of the clocks.
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(30), principal.EndsAt);
    }

    [Theory]
    [InlineData("another issuer")]
    [InlineData("another audience")]
    [InlineData("no audience")]
    [InlineData("expired")]
    [InlineData("without an end")]
    [InlineData("of the future")]
    [InlineData("without a name")]
    [InlineData("with a number as name")]
    [InlineData("with a line break in its name")]
    [InlineData("with a long name")]
    public async Task A_token_with_wrong_claims_is_refused(string kind)
    {
        Assert.Null(await LoginAsync(Token(change: token =>
        {
            switch (kind)
            {
                case "another issuer": token.Issuer = TestIssuer.Name + "/"; break;
                case "another audience": token.Audience = "another"; break;
                case "no audience": token.Audience = null; break;
                case "expired": token.Expires = Now.AddSeconds(-30); token.NotBefore = token.IssuedAt = Now.AddHours(-1); break;
                case "without an end": token.Expires = null; break;
                case "of the future": token.NotBefore = Now.AddSeconds(31); break;
                case "without a name": token.Claims.Remove("sub"); break;
                case "with a number as name": token.Claims["sub"] = 7; break;
                case "with a line break in its name": token.Claims["sub"] = "ann\nbob"; break;
                case "with a long name": token.Claims["sub"] = new string('a', 257); break;
                default: throw new ArgumentOutOfRangeException(nameof(kind));
            }
        })));
        Assert.NotNull(await LoginAsync(Token()));
    }

    [Theory]
    [InlineData("within the skew before")]
    [InlineData("within the skew after")]
    [InlineData("one of two audiences")]
    [InlineData("with the longest name")]
    public async Task A_token_at_the_limits_is_accepted(string kind)
    {
        Assert.NotNull(await LoginAsync(Token(change: token =>
        {
            switch (kind)
            {
                case "within the skew before": token.NotBefore = Now.AddSeconds(30); break;
                case "within the skew after": token.Expires = Now.AddSeconds(-29); token.NotBefore = token.IssuedAt = Now.AddHours(-1); break;
                case "one of two audiences": token.Audience = null; token.Claims["aud"] = new[] { "another", TestIssuer.Audience }; break;
                case "with the longest name": token.Claims["sub"] = new string('a', 256); break;
                default: throw new ArgumentOutOfRangeException(nameof(kind));
            }
        })));
    }

    [Fact]
    public async Task A_signature_of_another_key_is_refused()
    {
        using var other = new TestIssuer(key: 1);
        var signer = new SigningCredentials(new RsaSecurityKey(other.Key) { KeyId = _issuer.KeyId }, SecurityAlgorithms.RsaSha256);

        Assert.Null(await LoginAsync(other.Token("ann", now: _time.GetUtcNow())));
        Assert.Null(await LoginAsync(Token(change: token => token.SigningCredentials = signer)));
        Assert.NotNull(await LoginAsync(Token()));
    }

    [Fact]
    public async Task A_new_key_of_the_issuer_is_found_and_the_old_one_is_no_longer_good()
    {
        var old = Token();
        Assert.NotNull(await LoginAsync(old));
        _issuer.Rotate();
        Assert.Null(await LoginAsync(Token()));
        _time.Advance(IssuerKeyCache.ShortestRefresh);

        Assert.NotNull(await LoginAsync(Token()));
        Assert.Null(await LoginAsync(old));
    }

    [Fact]
    public async Task A_changed_token_is_refused()
    {
        var parts = Token().Split('.');
        var other = Token(subject: "bob").Split('.');

        Assert.Null(await LoginAsync($"{parts[0]}.{other[1]}.{parts[2]}"));
        Assert.Null(await LoginAsync($"{parts[0]}.{parts[1]}."));
        Assert.NotNull(await LoginAsync(string.Join('.', parts)));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    public async Task Only_asymmetric_signatures_count(string algorithm)
    {
        var payload = new { iss = TestIssuer.Name, aud = TestIssuer.Audience, sub = "ann", exp = new DateTimeOffset(Now.AddHours(1)).ToUnixTimeSeconds() };
        var token = TestIssuer.Raw(new { alg = algorithm, kid = _issuer.KeyId, typ = "JWT" }, payload, signed => algorithm switch
        {
            // The text of the public key as a secret: what a server that trusts the header would verify with.
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(_issuer.Key.ExportSubjectPublicKeyInfoPem()), signed),
            "HS512" => HMACSHA512.HashData(_issuer.Key.ExportSubjectPublicKeyInfo(), signed),
            "RS256" => _issuer.Key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => [],
        });

        Assert.Equal(algorithm == "RS256", await LoginAsync(token) is not null);
    }

    [Theory]
    [InlineData("ES256", "P-256")]
    [InlineData("ES384", "P-384")]
    public async Task Elliptic_curves_count_too(string algorithm, string curve)
    {
        using var key = ECDsa.Create(curve == "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        var point = key.ExportParameters(false).Q;
        await File.WriteAllTextAsync(
            _issuer.KeysPath, $$"""{"keys":[{"kty":"EC","crv":"{{curve}}","kid":"ec","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}]}""",
            TestContext.Current.CancellationToken);
        using var other = ECDsa.Create(key.ExportParameters(false).Curve);
        var payload = new { iss = TestIssuer.Name, aud = TestIssuer.Audience, sub = "ann", exp = new DateTimeOffset(Now.AddHours(1)).ToUnixTimeSeconds() };
        var hash = algorithm == "ES256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384;

        Assert.NotNull(await LoginAsync(TestIssuer.Raw(new { alg = algorithm, kid = "ec" }, payload, signed => key.SignData(signed, hash))));
        Assert.Null(await LoginAsync(TestIssuer.Raw(new { alg = algorithm, kid = "ec" }, payload, signed => other.SignData(signed, hash))));
    }

    [Theory]
    [InlineData("crit")]
    [InlineData("jwk")]
    [InlineData("jku")]
    public async Task A_header_brings_neither_keys_nor_extensions(string header)
    {
        using var own = RSA.Create(2048);
        var numbers = own.ExportParameters(false);
        object value = header switch
        {
            "crit" => new[] { "exp" },
            "jwk" => new { kty = "RSA", n = Base64UrlEncoder.Encode(numbers.Modulus), e = Base64UrlEncoder.Encode(numbers.Exponent) },
            _ => "https://127.0.0.1:1/keys",
        };
        var payload = new { iss = TestIssuer.Name, aud = TestIssuer.Audience, sub = "ann", exp = new DateTimeOffset(Now.AddHours(1)).ToUnixTimeSeconds() };
        var signer = header == "crit" ? _issuer.Key : own;
        var token = TestIssuer.Raw(
            new Dictionary<string, object> { ["alg"] = "RS256", [header] = value }, payload, signed => signer.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        Assert.Null(await LoginAsync(token));
        Assert.NotNull(await LoginAsync(TestIssuer.Raw(
            new { alg = "RS256" }, payload, signed => _issuer.Key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))));
    }

    [Fact]
    public async Task An_encrypted_token_is_refused()
    {
        var key = new RsaSecurityKey(_issuer.Key) { KeyId = _issuer.KeyId };

        Assert.Null(await LoginAsync(Token(change: token =>
            token.EncryptingCredentials = new EncryptingCredentials(key, SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes128CbcHmacSha256))));
    }

    [Fact]
    public async Task Any_text_is_refused_without_a_failure()
    {
        var good = Token();
        Assert.Null(await LoginAsync(""));
        Assert.Null(await LoginAsync(new string('a', 100_000)));
        await Gen.Select(Gen.Int[0, good.Length - 1], Gen.Char["aZ0-_.=/{ \u00e9"]).SampleAsync(
            async (place, character) => await LoginAsync($"{good[..place]}{character}{good[(place + 1)..]}") is var principal && (principal is null || good[place] == character || IsSpareBit(good, place)),
            iter: 300);
        await Gen.Byte.Array[0, 200].SampleAsync(async bytes => await _handler.Value.LoginAsync(new LoginRequest(bytes, null), default) is null, iter: 300);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(253402300800)]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task An_end_out_of_range_is_no_failure(long end)
    {
        var payload = new { iss = TestIssuer.Name, aud = TestIssuer.Audience, sub = "ann", exp = end };
        var token = TestIssuer.Raw(
            new { alg = "RS256" }, payload, signed => _issuer.Key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        Assert.Null(await Record.ExceptionAsync(() => LoginAsync(token).AsTask()));
    }

    [Theory]
    [InlineData("groups", """["a","b"]""", "a,b")]
    [InlineData("scope", "\"openid a b\"", "openid,a,b")]
    [InlineData("realm_access.roles", """{"roles":["a"]}""", "a")]
    [InlineData("https://issuer.test/roles", """["a"]""", "a")]
    [InlineData("groups", """["a",7,null]""", "a")]
    [InlineData("groups", "7", "")]
    [InlineData("missing", "[]", "")]
    public async Task Roles_come_from_the_configured_claim(string claim, string value, string roles)
    {
        _options.Jwt.RolesClaim = claim;
        var principal = await LoginAsync(Token(change: token =>
            token.Claims[claim.StartsWith("realm", StringComparison.Ordinal) ? "realm_access" : claim == "missing" ? "other" : claim] =
                System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(value)));

        Assert.Equal(roles, string.Join(',', principal!.Roles));
    }

    [Fact]
    public async Task The_name_and_the_end_follow_the_settings()
    {
        (_options.Jwt.NameClaim, _options.Jwt.ClockSkew, _options.Jwt.SessionExtension) = ("email", TimeSpan.Zero, TimeSpan.FromHours(8));

        var principal = await LoginAsync(Token(change: static token => token.Claims["email"] = "ann@example.com"));

        Assert.Equal("ann@example.com", principal!.Identity);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(9), principal.EndsAt);
        Assert.Null(await LoginAsync(Token()));
    }

    public void Dispose()
    {
        if (_handler.IsValueCreated)
            _handler.Value.Dispose();
        _issuer.Dispose();
    }

    // The last character of a part may have bits that its bytes do not use.
    private static bool IsSpareBit(string token, int place) => place + 1 == token.Length || token[place + 1] == '.';

    private string Token(string subject = "ann", string[]? roles = null, Action<SecurityTokenDescriptor>? change = null) =>
        _issuer.Token(subject, roles, _time.GetUtcNow(), change);

    private ValueTask<AuthenticatedPrincipal?> LoginAsync(string token) =>
        _handler.Value.LoginAsync(new LoginRequest(Encoding.UTF8.GetBytes(token), Certificate: null), TestContext.Current.CancellationToken);
}
