using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wharf.Plugins;
using Wharf.Server;

// snippet

public sealed class ExampleService;

public sealed class ExampleServiceType() : BidirectionalObjectType<ExampleService>("ExampleService")
{
    protected override ValueTask<IMessageHandler> ConnectAsync(ExampleService instance, IMessageStream stream, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
