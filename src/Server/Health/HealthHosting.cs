using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Wharf.Server.Health;

/// <summary>Adds health checks. Live: the process responds. Ready: it may receive traffic. The gRPC health service reports the readiness.</summary>
internal static class HealthHosting
{
    internal const string Ready = "ready";

    /// <summary>Adds the health checks.</summary>
    public static void AddHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<MemoryReadiness>();
        builder.Services.AddHealthChecks().AddCheck<Readiness>(Ready, tags: [Ready]).AddCheck<MemoryReadiness>("memory", tags: [Ready]);
        builder.Services.AddGrpcHealthChecks(health =>
        {
            health.Services.Map("", check => check.Tags.Contains(Ready));
            // Watch streams report the change of state, and end with the server.
            health.SuppressCompletionOnShutdown = false;
        });
        // Watch streams report a change within a second.
        builder.Services.Configure<HealthCheckPublisherOptions>(publisher =>
        {
            publisher.Delay = TimeSpan.Zero;
            publisher.Period = TimeSpan.FromSeconds(1);
        });
    }

    /// <summary>Adds the check that the cluster answers.</summary>
    public static void AddReadinessByCluster(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck<ClusterReadiness>("cluster", tags: [Ready]);

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c> and the gRPC health service.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthPages();
        endpoints.MapGrpcHealthChecksService();
    }

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c> only.</summary>
    public static void MapHealthPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        endpoints.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync });
    }

    // The first line is the status, as in the default response; a line for each unhealthy check follows.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        var reasons = report.Entries.Where(static entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(static entry => $"\n{entry.Key}: {entry.Value.Description}");
        return context.Response.WriteAsync(report.Status + string.Concat(reasons), context.RequestAborted);
    }
}
