using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Sessions;
using Wharf.Gateway.Telemetry;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Streams;

/// <summary>Opens streams: resolves the ticket of an object, holds the object for the stream, and connects to it.</summary>
internal sealed class ObjectConnector(IGrainFactory grains, SessionOperations work, Permissions permissions)
{
    /// <summary>Opens a stream to an object.</summary>
    /// <returns>The stream, and the first output of the object.</returns>
    /// <exception cref="FaultException">The object does not exist, or refused the connection.</exception>
    public async Task<(StreamConnection Connection, StreamOutput Output)> ConnectAsync(
        CallSession session, InboundMessage connect, CancellationToken cancellationToken)
    {
        var source = await AuthorizedTickets.AuthorizeAsync(permissions, session.Caller, GatewayActions.Connect, connect.Tickets, cancellationToken);
        var streamId = Guid.NewGuid().ToString("N");
        using var activity = GatewayActivities.Connect(streamId, connect.ConnectType!);
        var holder = Holder.OfStream(streamId);
        var found = await work.ResolveAsync(session, source, holder, GrainLimits.CallLease, cancellationToken);
        var target = found[0];
        try
        {
            var connection = new StreamConnection(GetObject(target, connect.ConnectType!), key => grains.GetGrain<IStreamGrain>(key), streamId, target.Epoch);
            try
            {
                return (connection, await connection.ConnectAsync(connect.ConnectType!, session.Caller, cancellationToken));
            }
            catch (OperationCanceledException)
            {
                // The stream may have been opened; close it.
                await connection.DisconnectAsync(StreamEndReason.ClientCancelled);
                throw;
            }
        }
        catch (Exception) when (target.IsLive)
        {
            await grains.GetHeld(target).LetGoAsync(holder, CancellationToken.None);
            throw;
        }
    }

    private IPluginObjectGrain GetObject(ObjectReference target, string type) => target.Kind switch
    {
        ObjectKind.PluginObject => grains.GetGrain<IPluginObjectGrain>(target.ObjectId),
        ObjectKind.Null => throw new FaultException(FaultCode.InvalidArgument, "The ticket is a null reference"),
        _ => throw new FaultException(FaultCode.NotFound, $"No plugin serves the object: it is a '{target.TypeName}' (expected type '{type}')"),
    };
}
