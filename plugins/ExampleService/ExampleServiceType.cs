namespace Wharf.Plugins.ExampleService;

/// <summary>The example of the plugin guide: a service that clients call by JSON messages, and that receives and returns tables by reference.</summary>
public sealed class ExampleServiceType() : BidirectionalObjectType<ExampleServiceObject>("ExampleService")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Aliases { get; } = ["example_plugin_server.ExampleService"];

    /// <inheritdoc/>
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object>(new ExampleServiceObject());

    /// <inheritdoc/>
    protected override ValueTask<IMessageHandler> ConnectAsync(ExampleServiceObject instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        stream.Send(ReadOnlyMemory<byte>.Empty); // the client waits for this before its first call
        return ValueTask.FromResult<IMessageHandler>(new ExampleServiceHandler(instance, stream));
    }
}
