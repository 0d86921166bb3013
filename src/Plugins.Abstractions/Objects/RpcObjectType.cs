using Wharf.Rpc;

namespace Wharf.Plugins;

/// <summary>
/// An object type whose clients call the methods of an interface: the interface is marked with <see cref="RpcAttribute"/>, the object implements it, and a client uses a proxy of it.
/// A method that fails returns an error for its call; the stream stays open.
/// </summary>
/// <typeparam name="TInterface">The interface.</typeparam>
/// <param name="create">Creates an object for a named field. Without it, objects of the type cannot be created from configuration.</param>
public class RpcObjectType<TInterface>(Func<IObjectContext, TInterface>? create = null) : BidirectionalObjectType<TInterface>(RpcContract<TInterface>.Instance.TypeName)
    where TInterface : class
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Aliases => RpcContract<TInterface>.Instance.Aliases;

    /// <inheritdoc/>
    public override bool IsConcurrent => RpcContract<TInterface>.Instance.IsConcurrent;

    /// <inheritdoc/>
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
        create is null ? base.CreateAsync(context, cancellationToken) : ValueTask.FromResult<object>(create(context));

    /// <inheritdoc/>
    protected override ValueTask<IMessageHandler> ConnectAsync(TInterface instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        stream.Send(default); // clients wait for this before their first call
        return ValueTask.FromResult<IMessageHandler>(new RpcMessageHandler<TInterface>(instance, stream));
    }
}
