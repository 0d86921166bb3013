using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Wharf.Server.Health;

/// <summary>Reports whether this process may receive traffic: from the end of its start until it begins to stop.</summary>
internal sealed class Readiness : IHealthCheck
{
    private volatile bool _isReady;

    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("starting or stopping"));
}
