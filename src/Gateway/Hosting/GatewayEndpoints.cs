using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Flight;
using Wharf.Gateway.Memory;

namespace Wharf.Gateway.Hosting;

/// <summary>Adds the gateway to the request pipeline.</summary>
public static class GatewayEndpoints
{
    /// <summary>Adds the middleware of every request: forwarded addresses, routing, gRPC-Web, CORS, conforming gRPC headers and trailers, and the admission of calls.</summary>
    /// <param name="app">The pipeline.</param>
    /// <returns>The same pipeline.</returns>
    public static IApplicationBuilder UseWharfGateway(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        // Only browsers send an origin. It must be allowed, and the response needs CORS headers.
        var origins = app.ApplicationServices.GetRequiredService<AllowedOrigins>();
        return app.UseForwardedHeaders().UseRouting().Use(app.ApplicationServices.GetRequiredService<HeldBodies>().InvokeAsync).Use(ResponseMetadata.MarkAsync).UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true })
            .UseWhen(static call => call.Request.Headers.Origin.Count > 0, browser => browser.Use(origins.InvokeAsync).UseCors(GatewayServices.CorsPolicy))
            .Use(ResponseMetadata.InvokeAsync).UseMiddleware<CallAdmission>();
    }

    /// <summary>Adds the middleware of a silo without a gateway: routing, and the admission of calls.</summary>
    /// <param name="app">The pipeline.</param>
    /// <returns>The same pipeline.</returns>
    public static IApplicationBuilder UseWharfNodeService(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseRouting().UseMiddleware<CallAdmission>();
    }

    /// <summary>Maps every service of the protocol.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static IEndpointRouteBuilder MapWharfGateway(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ServedServices.Map(endpoints);
        return endpoints;
    }

    /// <summary>Maps the services that a silo without a gateway serves to other nodes.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static IEndpointRouteBuilder MapWharfNodeService(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.MapFallback("{**path}", RefuseClientAsync);
        NodeFlightServiceHandler.Service.Map(endpoints);
        return endpoints;
    }

    // A silo does not have the services that clients call. It returns the advice as HTTP or as a gRPC status.
    private static Task RefuseClientAsync(HttpContext call)
    {
        if (call.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            call.Response.StatusCode = StatusCodes.Status404NotFound;
            return call.Response.WriteAsync(NodesOnlyInterceptor.Advice, call.RequestAborted);
        }

        call.Response.ContentType = call.Request.ContentType;
        call.Response.Headers["grpc-status"] = ((int)StatusCode.Unimplemented).ToString(System.Globalization.CultureInfo.InvariantCulture);
        call.Response.Headers["grpc-message"] = NodesOnlyInterceptor.Advice;
        return Task.CompletedTask;
    }
}
