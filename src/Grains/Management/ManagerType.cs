using Wharf.Grains.Objects;
using Wharf.Plugins;

namespace Wharf.Grains.Management;

/// <summary>
/// Manages named objects by messages: <c>{"method": "create", "type": "Counter", "name": "mine"}</c> is answered by <c>{"result": ...}</c> or <c>{"error":
/// ...}</c>. The objects of this type have no state: they describe the cluster, regardless of their node.
/// </summary>
internal sealed class ManagerType() : BidirectionalObjectType<Manager>(ManagementHosting.TypeName)
{
    // There is no state to guard, and a type that creates objects slowly must not delay other calls.
    public override bool IsConcurrent => true;

    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object>(new Manager((ObjectContext)context));

    protected override ValueTask<IMessageHandler> ConnectAsync(Manager instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        stream.Send(ReadOnlyMemory<byte>.Empty);
        return ValueTask.FromResult<IMessageHandler>(new ManagerHandler(instance, stream));
    }
}
