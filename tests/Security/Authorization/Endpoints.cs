using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Wharf.Security.Authorization;

/// <summary>The RPCs that a server has mapped.</summary>
internal sealed class Endpoints(EndpointDataSource source) : IHostedService
{
    /// <summary>The names of the RPCs, such as <c>/package.Service/Method</c>.</summary>
    public IReadOnlyList<string> Methods =>
        [.. source.Endpoints.Select(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName).OfType<string>()];

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
