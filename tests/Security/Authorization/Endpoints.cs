using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Wharf.Gateway.Authentication;

namespace Wharf.Security.Authorization;

/// <summary>The RPCs that a server has mapped.</summary>
internal sealed class Endpoints(EndpointDataSource source) : IHostedService
{
    /// <summary>The names of the RPCs, such as <c>/package.Service/Method</c>.</summary>
    public IReadOnlyList<string> Methods =>
        [.. source.Endpoints.Select(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName).OfType<string>()];

    /// <summary>Returns the actions that an RPC authorizes for targets of its request, as its attribute states them.</summary>
    public IReadOnlyList<string> ActionsOf(string method) =>
        source.Endpoints.First(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName == method).Metadata.GetMetadata<AuthorizesAttribute>()?.Actions ?? [];

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
