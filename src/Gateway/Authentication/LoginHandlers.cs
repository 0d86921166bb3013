using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>The ways to log in that this server offers.</summary>
public sealed partial class LoginHandlers
{
    private const string GuidePlaceholder = "YOUR_PASSWORD_HERE";
    private const int LongKey = 16;

    private readonly FrozenDictionary<string, IAuthenticationHandler> _handlers;

    /// <summary>Puts the ways together: those of the configuration, then those that were registered, which replace the others by name.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="access">The configured roles.</param>
    /// <param name="registered">Handlers registered as services.</param>
    /// <param name="issued">Handlers of credentials that others issue: tokens and certificates.</param>
    /// <param name="logger">Takes the warning about a weak key.</param>
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
        // The reference server's clients send the same login in a word of their own.
        if (handlers.GetValueOrDefault(LoginSchemes.Bearer) is BearerHandler tokens)
            handlers.TryAdd(LoginSchemes.OpenIdConnect, tokens);
        _handlers = handlers.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The key that was made up because nothing was configured; to be shown once, at the start.</summary>
    public string? GeneratedKey { get; }

    /// <summary>The words with which logins begin here.</summary>
    public IReadOnlyList<string> Names => [.. _handlers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The same as clients are told, comma-separated.</summary>
    internal string Advertised => string.Join(",", _handlers.Values.Distinct().Select(handler => handler.AdvertisedName).Order(StringComparer.Ordinal));

    internal IAuthenticationHandler? Find(string name) => _handlers.GetValueOrDefault(name);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Wharf:Auth:Psk is shorter than {Characters} characters, which can be guessed: the server accepts it from loopback addresses only. Set a long random key to accept other clients")]
    private static partial void LogShortKey(ILogger logger, int characters);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wharf:Auth:Psk is the placeholder of the plugin guide, which is public. Set a long random key before others can reach this server")]
    private static partial void LogPlaceholder(ILogger logger);
}
