using Wharf.Plugins;
// snippet

public sealed class ExampleService;

public sealed class ExampleServiceType() : BidirectionalObjectType<ExampleService>("ExampleService")
{
    protected override ValueTask<IMessageHandler> ConnectAsync(ExampleService instance, IMessageStream stream, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
