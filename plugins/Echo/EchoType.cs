namespace Wharf.Plugins.Echo;

/// <summary>An object that has nothing but its streams.</summary>
public sealed class EchoObject;

/// <summary>Sends every message back as it came, references included. Its streams share nothing, so they run side by side.</summary>
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
