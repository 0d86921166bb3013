using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>The authentication schemes of this server.</summary>
public sealed partial class LoginHandlers
{
    private const string GuidePlaceholder = "YOUR_PASSWORD_HERE";
    private const int LongKey = 16;

    private readonly FrozenDictionary<string, IAuthenticationHandler> _handlers;

    /// <summary>Creates the handlers of the configuration. A registered handler replaces the configured one of the same name.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="access">The configured roles.</param>
    /// <param name="registered">Handlers registered as services.</param>
    /// <param name="issued">Handlers of credentials that another party issues: tokens and certificates.</param>
    /// <param name="logger">The logger for warnings about a weak key.</param>
    /// <exception cref="InvalidOperationException">Two registered handlers have the same name.</exception>
    internal LoginHandlers(
        IOptions<LoginOptions> options, IOptions<AccessOptions> access, IEnumerable<IAuthenticationHandler> registered, IEnumerable<IAuthenticationHandler> issued,
        ILogger<LoginHandlers> logger)
    {
        var handlers = new Dictionary<string, IAuthenticationHandler>(StringComparer.Ordinal);
        foreach (var handler in registered)
        {
            if (!handlers.TryAdd(handler.Name, handler))
                throw new InvalidOperationException($"two handlers are registered for logins that begin with '{handler.Name}'");
        }

        var configured = options.Value;
        if (configured.Psk?.Trim() is { Length: > 0 } key)
        {
            if (key.Length < LongKey)
                LogShortKey(logger, LongKey);
            else if (key == GuidePlaceholder)
                LogPlaceholder(logger);
            handlers.TryAdd(LoginSchemes.PreSharedKey, new PreSharedKeyHandler(key, isLoopbackOnly: key.Length < LongKey));
        }
        if (configured.UsersFile is { Length: > 0 } path)
        {
            var users = UsersFile.Read(path);
            users.RequireRoles(access.Value.Roles.Keys);
            handlers.TryAdd(LoginSchemes.Basic, new BasicHandler(users, configured.PasswordChecksAtOnce));
        }
        foreach (var handler in issued)
            handlers.TryAdd(handler.Name, handler);
        if (configured.Anonymous)
            handlers.TryAdd(LoginSchemes.Anonymous, new AnonymousHandler());
        if (handlers.Count == 0)
        {
            GeneratedKey = PreSharedKeyHandler.Generate();
            handlers.Add(LoginSchemes.PreSharedKey, new PreSharedKeyHandler(GeneratedKey));
        }
        // Clients of the reference server send the same login under another scheme name.
        if (handlers.GetValueOrDefault(LoginSchemes.Bearer) is BearerHandler tokens)
            handlers.TryAdd(LoginSchemes.OpenIdConnect, tokens);
        _handlers = handlers.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The generated key if no login is configured; the server prints it at the start. Null otherwise.</summary>
    public string? GeneratedKey { get; }

    /// <summary>The names of the schemes.</summary>
    public IReadOnlyList<string> Names => [.. _handlers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The advertised names of the schemes, separated by commas.</summary>
    internal string Advertised => string.Join(",", _handlers.Values.Distinct().Select(handler => handler.AdvertisedName).Order(StringComparer.Ordinal));

    internal IAuthenticationHandler? Find(string name) => _handlers.GetValueOrDefault(name);

    [LoggerMessage(
        EventId = 3501,
        Level = LogLevel.Warning,
        Message = "Wharf:Auth:Psk is shorter than {Characters} characters, which can be guessed: the server accepts it from loopback addresses only. Set a long random key to accept other clients")]
    private static partial void LogShortKey(ILogger logger, int characters);

    [LoggerMessage(EventId = 3502, Level = LogLevel.Warning, Message = "Wharf:Auth:Psk is the placeholder of the plugin guide, which is public. Set a long random key before others can reach this server")]
    private static partial void LogPlaceholder(ILogger logger);
}
