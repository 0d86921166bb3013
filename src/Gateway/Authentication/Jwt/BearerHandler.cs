using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Wharf.Grains.Logs;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Logins by a token (JWT) that the configured issuer signed. Only asymmetric signatures are accepted; the keys come from the issuer, never from the token.</summary>
internal sealed partial class BearerHandler : IAuthenticationHandler, IDisposable
{
    private const int MaxTokenLength = 16 * 1024;

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _tokens = new() { MaximumTokenSizeInBytes = MaxTokenLength };
    private readonly SocketsHttpHandler _transport = new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
    private readonly JwtOptions _options;
    private readonly TimeProvider _time;
    private readonly LimitedLogger _logger;
    private readonly IssuerKeyCache _keys;

    public BearerHandler(IOptions<LoginOptions> options, TimeProvider time, ILogger<BearerHandler> logger)
    {
        _options = options.Value.Jwt;
        _time = time;
        _logger = new LimitedLogger(logger, new LogLimiter(time, first: 10, TimeSpan.FromMinutes(1), maxKinds: 10));
        _keys = new IssuerKeyCache(IssuerKeys.Source(_options, _transport), _options, time, logger);
    }

    public string Name => LoginSchemes.Bearer;

    public string AdvertisedName => LoginSchemes.OpenIdConnect;

    public async ValueTask<string?> AuthenticateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        (await LoginAsync(new LoginRequest(payload, Certificate: null), cancellationToken))?.Identity;

    public async ValueTask<AuthenticatedPrincipal?> LoginAsync(LoginRequest attempt, CancellationToken cancellationToken)
    {
        if (Read(attempt.Payload.Span) is not { } token)
            return null;
        var keys = await _keys.GetAsync(cancellationToken);
        if (keys.Find(token.Kid).Count == 0 && await _keys.RefreshAsync(keys, cancellationToken) is { } newer)
            keys = newer;
        var result = await _tokens.ValidateTokenAsync(token, Parameters(keys, token.Kid));
        if (!result.IsValid)
        {
            LogRefused(result.Exception?.GetType().Name ?? "no reason");
            return null;
        }

        var name = TokenClaims.Text(token, _options.NameClaim);
        if (!AuthenticatedPrincipal.IsName(name))
        {
            LogWithoutName(_options.NameClaim);
            return null;
        }

        return new AuthenticatedPrincipal(name!) { Roles = TokenClaims.Names(token, _options.RolesClaim), EndsAt = End(token.ValidTo) };
    }

    public void Dispose() => _transport.Dispose();

    /// <summary>Parses a signed token. Returns null for any other text, including encrypted tokens. It does not verify the signature.</summary>
    private static JsonWebToken? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length is 0 or > MaxTokenLength || payload.Count((byte)'.') != 2 || !Ascii.IsValid(payload))
            return null;
        try
        {
            var token = new JsonWebToken(Encoding.ASCII.GetString(payload));
            // The token requires extensions ("crit"); none is supported.
            return token.TryGetHeaderValue<JsonElement>("crit", out _) ? null : token;
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or JsonException or SecurityTokenException)
        {
            return null;
        }
    }

    private TokenValidationParameters Parameters(IssuerKeys keys, string? keyId) => new()
    {
        ValidIssuer = keys.Issuer,
        ValidAudiences = _options.Audiences,
        ValidAlgorithms = Algorithms,
        IssuerSigningKeys = keys.Find(keyId),
        LifetimeValidator = (notBefore, expires, _, _) => IsCurrent(notBefore, expires),
    };

    private bool IsCurrent(DateTime? notBefore, DateTime? expires)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return expires is { } end && now - _options.ClockSkew < end && (notBefore is not { } begin || now + _options.ClockSkew >= begin);
    }

    private DateTimeOffset End(DateTime expires)
    {
        var more = _options.ClockSkew + _options.SessionExtension;
        return DateTime.MaxValue - expires > more ? new DateTimeOffset(expires + more, TimeSpan.Zero) : DateTimeOffset.MaxValue;
    }

    [LoggerMessage(EventId = 3103, Level = LogLevel.Debug, Message = "Refused the token of a login: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Warning, Message = "Refused the token of a login: its claim {Claim} (Wharf:Auth:Jwt:NameClaim) is missing or is no name")]
    private partial void LogWithoutName(string claim);
}
