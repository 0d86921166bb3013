using Microsoft.Extensions.Diagnostics.HealthChecks;
using Wharf.Gateway.Nodes;

namespace Wharf.Server.Health;

/// <summary>Reports a gateway without a silo as ready only while the cluster answers.</summary>
internal sealed class ClusterReadiness(NodeWatch nodes) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(nodes.IsConnected ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("no silo of the cluster answers"));
}
