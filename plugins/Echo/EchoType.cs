namespace Wharf.Plugins.Echo;

/// <summary>An object without state.</summary>
public sealed class EchoObject;

/// <summary>Sends every message back, including its references. Its streams share no state, so they run concurrently.</summary>
public sealed class EchoType() : BidirectionalObjectType<EchoObject>("Echo")
{
    /// <inheritdoc/>
    public override bool IsConcurrent => true;

    /// <inheritdoc/>
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) => ValueTask.FromResult<object>(new EchoObject());

    /// <inheritdoc/>
    protected override ValueTask<IMessageHandler> ConnectAsync(EchoObject instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        stream.Send(ReadOnlyMemory<byte>.Empty);
        return ValueTask.FromResult<IMessageHandler>(new EchoHandler(stream));
    }

    private sealed class EchoHandler(IMessageStream stream) : IMessageHandler
    {
        public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
        {
            stream.Send(message.Payload, message.References);
            return ValueTask.CompletedTask;
        }
    }
}
