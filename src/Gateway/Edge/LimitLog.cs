using Microsoft.Extensions.Logging;

namespace Wharf.Gateway.Edge;

/// <summary>Logs that a limit refuses clients: at most one warning per limit and minute, with the number of refusals since the last warning.</summary>
internal sealed partial class LimitLog(TimeProvider time, ILogger<LimitLog> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reports a refusal.</summary>
    /// <param name="setting">The setting of the limit.</param>
    /// <param name="address">The address of the client.</param>
    public void Report(string setting, string address)
    {
        long unreported;
        lock (_lock)
        {
            if (!_entries.TryGetValue(setting, out var entry))
                _entries[setting] = entry = new Entry();
            else if (time.GetElapsedTime(entry.Since) < Interval)
            {
                entry.Unreported++;
                return;
            }

            entry.Since = time.GetTimestamp();
            unreported = entry.Unreported;
            entry.Unreported = 0;
        }

        LogRefused(setting, address, unreported);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a client at {Address}: the limit Wharf:Gateway:{Setting} is reached; {Unreported} earlier refusals are not in the log")]
    private partial void LogRefused(string setting, string address, long unreported);

    private sealed class Entry
    {
        public long Since { get; set; }

        public long Unreported { get; set; }
    }
}
