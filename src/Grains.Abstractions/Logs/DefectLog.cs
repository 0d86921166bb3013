using Microsoft.Extensions.Logging;

namespace Wharf.Grains.Logs;

/// <summary>
/// Logs defects of the server. The first defect of a type of exception and a call site is logged with its stack trace. Those that follow within ten minutes are counted, have the error id of the one that
/// is logged, and a line at the end of that time has their number.
/// </summary>
public sealed partial class DefectLog
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly LogLimiter _limiter;

    /// <summary>Creates the log.</summary>
    /// <param name="time">The clock.</param>
    public DefectLog(TimeProvider time) => _limiter = new LogLimiter(time, first: 1, Window, maxKinds: 1_000);

    /// <summary>Logs a defect, or counts it.</summary>
    /// <param name="defect">The exception.</param>
    /// <param name="logger">Receives the number of the defects that were counted.</param>
    /// <param name="write">Logs the exception with its error id.</param>
    /// <returns>An error id that the log has.</returns>
    public string Write(Exception defect, ILogger logger, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(defect);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentNullException.ThrowIfNull(write);
        var cause = defect.GetBaseException();
        string type = cause.GetType().FullName ?? "", site = SiteOf(cause), kind = $"{type} {site}";
        string errorId = Guid.NewGuid().ToString();
        lock (_lock)
        {
            string? latest = _ids.GetValueOrDefault(kind);
            bool isWritten = _limiter.TryTake(kind, unwritten => LogRepeated(logger, type, site, unwritten, latest));
            if (!isWritten && latest is not null)
                return latest;
            _ids[kind] = errorId;
        }

        write(errorId);
        return errorId;
    }

    // The frames of this server identify a defect better than those of the libraries that it calls.
    private static string SiteOf(Exception exception)
    {
        string? first = null;
        foreach (var line in (exception.StackTrace ?? "").AsSpan().EnumerateLines())
        {
            first ??= line.Trim().ToString();
            if (line.Contains(" Wharf.", StringComparison.Ordinal))
                return line.Trim().ToString();
        }

        return first ?? "at an unknown place";
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "{Type} {Site}: {Unwritten} more failures have the error id {ErrorId}")]
    private static partial void LogRepeated(ILogger logger, string type, string site, long unwritten, string? errorId);
}
