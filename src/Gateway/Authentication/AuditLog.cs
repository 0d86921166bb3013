using Microsoft.Extensions.Logging;
using Wharf.Grains.Logs;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Logs logins, refused logins and actions, and closed sessions under the category <c>Wharf.Audit</c>. Secrets are not logged.</summary>
internal sealed partial class AuditLog(ILoggerFactory loggers, TimeProvider time)
{
    private const string Category = "Wharf.Audit";
    private const string SharedPrefix = $"{SharedTicket.Word}/";

    // An address may fail a hundred times a minute before its logins are refused.
    private readonly LimitedLogger _logger = new(loggers.CreateLogger(Category), new LogLimiter(time, first: 200, TimeSpan.FromMinutes(1), maxKinds: 10));
    private readonly LimitedLogger _denials = LimitedLogger.OfDenials(loggers, time);

    public void LoggedIn(string identity, string scheme, string address, string sessionId) => LogLogin(_logger, identity, scheme, address, sessionId);

    public void Refused(string scheme, string address) => LogRefused(_logger, scheme, address);

    public void Throttled(string scheme, string address, TimeSpan window) => LogThrottled(_logger, scheme, address, window);

    public void WithoutRole(string identity, string scheme, string address) => LogWithoutRole(_denials, identity, scheme, address);

    /// <summary>Records a refused action on a target. The id of a shared ticket is a secret and is left out.</summary>
    public void Denied(string identity, string sessionId, string action, string target)
    {
        var shown = target.StartsWith(SharedPrefix, StringComparison.Ordinal) ? $"{SharedPrefix}*" : target;
        if (sessionId.Length == 0)
            LogDeniedWithoutSession(_denials, action, shown.Length == 0 ? "*" : shown);
        else if (shown.Length == 0)
            LogDenied(_denials, identity, sessionId, action);
        else
            LogDeniedTarget(_denials, identity, sessionId, action, shown);
    }

    public void Closed(string identity, string sessionId) => LogClosed(_logger, identity, sessionId);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Login of {Identity} by {Scheme} from {Address}: session {SessionId}")]
    private static partial void LogLogin(ILogger logger, string identity, string scheme, string address, string sessionId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Login by {Scheme} from {Address} refused")]
    private static partial void LogRefused(ILogger logger, string scheme, string address);

    [LoggerMessage(
        EventId = 5, Level = LogLevel.Warning,
        Message = "Too many failed logins by {Scheme} from {Address}; refusing all logins until {Window} after the first failure")]
    private static partial void LogThrottled(ILogger logger, string scheme, string address, TimeSpan window);

    [LoggerMessage(EventId = 6, Level = LogLevel.Warning, Message = "Login of {Identity} by {Scheme} from {Address} refused: no role allows it")]
    private static partial void LogWithoutRole(ILogger logger, string identity, string scheme, string address);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "{Identity} closed session {SessionId}")]
    private static partial void LogClosed(ILogger logger, string identity, string sessionId);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "{Identity} in session {SessionId} may not {Action}")]
    private static partial void LogDenied(ILogger logger, string identity, string sessionId, string action);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "{Identity} in session {SessionId} may not {Action} {Target}")]
    private static partial void LogDeniedTarget(ILogger logger, string identity, string sessionId, string action, string target);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "A caller without a session may not {Action} {Target}")]
    private static partial void LogDeniedWithoutSession(ILogger logger, string action, string target);
}
