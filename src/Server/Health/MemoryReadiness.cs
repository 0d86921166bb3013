using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wharf.Tables;

namespace Wharf.Server.Health;

/// <summary>
/// Reports a node that refuses new work because of its memory as degraded. It still receives traffic, so that clients can release their objects.
/// </summary>
internal sealed partial class MemoryReadiness(MemoryAccountant memory, ILogger<MemoryReadiness> logger) : IHealthCheck
{
    private int _wasFull;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var isFull = memory.IsFull();
        if (Interlocked.Exchange(ref _wasFull, isFull ? 1 : 0) is var before && before == 0 && isFull)
            LogFull(memory.Limits.RefuseAtPercent, memory.Limits.Process, memory.Used, memory.Reserved);
        else if (before == 1 && !isFull)
            LogRoom(memory.Used);
        return Task.FromResult(isFull
            ? HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture, $"{memory.Limits.RefuseAtPercent} % of the memory of {memory.Limits.Process} bytes is in use; new work is refused"))
            : HealthCheckResult.Healthy());
    }

    [LoggerMessage(EventId = 5301, Level = LogLevel.Warning, Message = "{Percent} % of the memory of {Limit} bytes is in use ({Used} bytes, {Reserved} of sessions); refusing new work until some is released")]
    private partial void LogFull(int percent, long limit, long used, long reserved);

    [LoggerMessage(EventId = 5302, Level = LogLevel.Information, Message = "New work is accepted again; {Used} bytes of memory are in use")]
    private partial void LogRoom(long used);
}
