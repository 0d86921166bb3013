using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Wharf.Server.Health;

/// <summary>Live: this process moves. Ready: it may take traffic. The gRPC health service says the latter.</summary>
internal static class HealthHosting
{
    internal const string Ready = "ready";

    /// <summary>Adds the checks.</summary>
    public static void AddHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<MemoryReadiness>();
        builder.Services.AddHealthChecks().AddCheck<Readiness>(Ready, tags: [Ready]).AddCheck<MemoryReadiness>("memory", tags: [Ready]);
        builder.Services.AddGrpcHealthChecks(health =>
        {
            health.Services.Map("", check => check.Tags.Contains(Ready));
            // Whoever watches is told by the change of state; the stream itself ends with the server.
            health.SuppressCompletionOnShutdown = false;
        });
        // Whoever watches is told soon after a change.
        builder.Services.Configure<HealthCheckPublisherOptions>(publisher =>
        {
            publisher.Delay = TimeSpan.Zero;
            publisher.Period = TimeSpan.FromSeconds(1);
        });
    }

    /// <summary>Has the server ready only while the cluster answers it.</summary>
    public static void AddReadinessByCluster(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck<ClusterReadiness>("cluster", tags: [Ready]);

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c> and the gRPC health service.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthPages();
        endpoints.MapGrpcHealthChecksService();
    }

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c> alone.</summary>
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
