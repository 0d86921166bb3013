namespace Wharf.Plugins;

/// <summary>An object type whose clients exchange messages with the object over a stream.</summary>
public abstract class BidirectionalObjectType : ObjectType
{
    private protected BidirectionalObjectType(string name)
        : base(name)
    {
    }

    /// <summary>Opens a stream on an object. Send at least one message before returning: clients wait for it.</summary>
    /// <param name="instance">The object, of the type's class.</param>
    /// <param name="stream">The stream to the client.</param>
    /// <param name="cancellationToken">Cancelled when the stream ends.</param>
    /// <returns>The handler of the client's messages.</returns>
    public abstract ValueTask<IMessageHandler> ConnectAsync(object instance, IMessageStream stream, CancellationToken cancellationToken);
}

/// <inheritdoc cref="BidirectionalObjectType"/>
/// <typeparam name="TObject">The class of the objects.</typeparam>
/// <param name="name">The type's name on the wire.</param>
public abstract class BidirectionalObjectType<TObject>(string name) : BidirectionalObjectType(name)
    where TObject : class
{
    /// <inheritdoc/>
    public sealed override Type ObjectClass => typeof(TObject);

    /// <inheritdoc/>
    public override bool IsType(object value) => value is TObject;

    /// <inheritdoc/>
    public sealed override ValueTask<IMessageHandler> ConnectAsync(object instance, IMessageStream stream, CancellationToken cancellationToken) =>
        ConnectAsync((TObject)instance, stream, cancellationToken);

    /// <summary>Opens a stream on an object. Send at least one message before returning: clients wait for it.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="stream">The stream to the client.</param>
    /// <param name="cancellationToken">Cancelled when the stream ends.</param>
    /// <returns>The handler of the client's messages.</returns>
    protected abstract ValueTask<IMessageHandler> ConnectAsync(TObject instance, IMessageStream stream, CancellationToken cancellationToken);
}
