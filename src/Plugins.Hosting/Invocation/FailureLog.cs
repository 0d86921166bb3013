using Microsoft.Extensions.Logging;

namespace Wharf.Plugins.Hosting;

/// <summary>
/// Limits the failures of plugins in the log, because clients can cause them at any rate. A kind is an object type and an exception type. Of each kind, the first failures are
/// written, then one per minute; all kinds share a budget of text. A failure that is not written is reported under the id of the latest one of its kind that was written.
/// </summary>
public sealed partial class FailureLog
{
    /// <summary>The number of failures of one kind that are written before the rate applies.</summary>
    internal const int First = 10;

    /// <summary>The number of characters that are written before the rate applies.</summary>
    internal const int MaxCharacters = 256 * 1024;

    /// <summary>The number of characters that each hour adds to the budget.</summary>
    internal const int CharactersPerHour = 512 * 1024;

    // The length of the entry without the exception.
    private const int LineCharacters = 256;
    private const int MaxKinds = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly (string, string) OtherKinds = ("", "");

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Type, string Exception), Kind> _kinds = [];
    private double _characters = MaxCharacters;
    private long _since;

    /// <summary>Creates a log with a full budget.</summary>
    /// <param name="time">The clock.</param>
    public FailureLog(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _since = time.GetTimestamp();
    }

    /// <summary>Writes a failure to the log, or counts it.</summary>
    /// <param name="type">The name of the object's type.</param>
    /// <param name="exception">The exception that the plugin threw.</param>
    /// <param name="logger">The logger.</param>
    /// <returns>The id of an entry in the log; null if the log has no failure of this kind.</returns>
    internal string? Write(string type, Exception exception, ILogger logger)
    {
        string errorId;
        long left;
        lock (_lock)
        {
            Refill();
            Kind kind = Find(type, ExceptionText.Unwrap(exception).GetType().FullName ?? "");
            kind.Refill(_time);
            if (kind.Allowance < 1 || _characters <= 0)
            {
                kind.NotWritten++;
                return kind.LatestId;
            }

            kind.Allowance--;
            kind.LatestId = errorId = Guid.NewGuid().ToString("N");
            left = kind.NotWritten;
            kind.NotWritten = 0;
        }

        Exception written = ExceptionText.ForLog(exception);
        if (left == 0)
            LogFailed(logger, written, errorId);
        else
            LogFailedAgain(logger, written, errorId, left);
        int length = written.ToString().Length + LineCharacters;
        lock (_lock)
            _characters -= length;
        return errorId;
    }

    private void Refill()
    {
        TimeSpan elapsed = _time.GetElapsedTime(_since);
        _since = _time.GetTimestamp();
        _characters = Math.Min(MaxCharacters, _characters + (elapsed.TotalHours * CharactersPerHour));
    }

    private Kind Find(string type, string exception)
    {
        (string, string) key = (type, exception);
        if (_kinds.TryGetValue(key, out Kind? kind))
            return kind;
        if (_kinds.Count >= MaxKinds)
            key = OtherKinds;
        if (!_kinds.TryGetValue(key, out kind))
            _kinds[key] = kind = new Kind(_time.GetTimestamp());
        return kind;
    }

    [LoggerMessage(EventId = 3010, Level = LogLevel.Error, Message = "A plugin failed; its caller received error id {ErrorId}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string errorId);

    [LoggerMessage(
        EventId = 3011, Level = LogLevel.Error,
        Message = "A plugin failed; its caller received error id {ErrorId}. {NotWritten} earlier failures of this kind were not logged")]
    private static partial void LogFailedAgain(ILogger logger, Exception exception, string errorId, long notWritten);

    private sealed class Kind(long since)
    {
        private long _since = since;

        public double Allowance { get; set; } = First;

        public long NotWritten { get; set; }

        public string? LatestId { get; set; }

        public void Refill(TimeProvider time)
        {
            double minutes = time.GetElapsedTime(_since) / Interval;
            _since = time.GetTimestamp();
            Allowance = Math.Min(First, Allowance + minutes);
        }
    }
}
