using Microsoft.Extensions.Logging;
using Wharf.Grains.Logs;

namespace Wharf.Gateway.Edge;

/// <summary>Logs that a limit refuses clients: a warning per limit and minute, and the number of the other refusals at the end of that minute.</summary>
internal sealed partial class LimitLog(TimeProvider time, ILogger<LimitLog> logger)
{
    private readonly LogLimiter _limiter = new(time);

    /// <summary>Reports a refusal.</summary>
    /// <param name="setting">The setting of the limit.</param>
    /// <param name="address">The address of the client.</param>
    public void Report(string setting, string address)
    {
        if (_limiter.TryTake(setting, unwritten => LogMore(unwritten, setting)))
            LogRefused(setting, address);
    }

    [LoggerMessage(EventId = 3503, Level = LogLevel.Warning, Message = "Refused a client at {Address}: the limit Wharf:Gateway:{Setting} is reached")]
    private partial void LogRefused(string setting, string address);

    [LoggerMessage(EventId = 3504, Level = LogLevel.Warning, Message = "Refused {Unwritten} more clients: the limit Wharf:Gateway:{Setting} is reached")]
    private partial void LogMore(long unwritten, string setting);
}
