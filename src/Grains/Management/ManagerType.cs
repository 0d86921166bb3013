using Wharf.Grains.Objects;
using Wharf.Plugins;

namespace Wharf.Grains.Management;

/// <summary>
/// Named objects, managed by messages: <c>{"method": "create", "type": "Counter", "name": "mine"}</c> is answered by <c>{"result": ...}</c> or <c>{"error": ...}</c>. The objects of this
/// type have no state: what they say is true of the cluster, whichever node they live on.
/// </summary>
internal sealed class ManagerType() : BidirectionalObjectType<Manager>(ManagementHosting.TypeName)
{
    // Nothing to guard, and a type that takes its time to make an object must not keep others from making theirs.
    public override bool IsConcurrent => true;

    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object>(new Manager((ObjectContext)context));

    protected override ValueTask<IMessageHandler> ConnectAsync(Manager instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        stream.Send(ReadOnlyMemory<byte>.Empty);
        return ValueTask.FromResult<IMessageHandler>(new ManagerHandler(instance, stream));
    }
}
