using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Wharf.Grains.Logs;

/// <summary>
/// A logger whose warnings and errors are limited. A kind of line is an event with the same principal, action and type; lines below the level of a warning are written as they come.
/// </summary>
public sealed partial class LimitedLogger : ILogger
{
    private readonly ILogger _inner;
    private readonly LogLimiter _limiter;

    /// <summary>Creates the logger.</summary>
    /// <param name="inner">The logger that writes the lines.</param>
    /// <param name="limiter">The limiter.</param>
    public LimitedLogger(ILogger inner, LogLimiter limiter)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(limiter);
        (_inner, _limiter) = (inner, limiter);
    }

    /// <summary>Creates the logger of refused actions, in the category <c>Wharf.Audit</c>: of each principal and action it writes the first ten, then one in five minutes.</summary>
    /// <param name="loggers">The loggers.</param>
    /// <param name="time">The clock.</param>
    public static LimitedLogger OfDenials(ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        return new LimitedLogger(loggers.CreateLogger("Wharf.Audit"), new LogLimiter(time, first: 10, TimeSpan.FromMinutes(5), maxKinds: 40));
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _inner.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => _inner.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (logLevel < LogLevel.Warning || !IsEnabled(logLevel) || _limiter.TryTake(KindOf(eventId, state), unwritten => LogUnwritten(_inner, logLevel, unwritten, formatter(state, null))))
            _inner.Log(logLevel, eventId, state, exception, formatter);
    }

    private static string KindOf(EventId eventId, object? state)
    {
        string kind = eventId.Name ?? eventId.Id.ToString(CultureInfo.InvariantCulture);
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            foreach (var (name, value) in values)
            {
                if (name is "Identity" or "Owner" or "Action" or "Type")
                    kind += $"|{value}";
            }
        }

        return kind;
    }

    [LoggerMessage(EventId = 1002, EventName = "LinesNotWritten", Message = "{Unwritten} lines of this kind are not in the log; the latest: {Latest}")]
    private static partial void LogUnwritten(ILogger logger, LogLevel level, long unwritten, string latest);
}
