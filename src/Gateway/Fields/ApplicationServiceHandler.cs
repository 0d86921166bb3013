using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Sessions;
using Wharf.Gateway.Streams;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Fields;

/// <summary>Sends the named fields and their changes to clients.</summary>
internal sealed class ApplicationServiceHandler(
    FieldFeed feed, SessionWatch watch, Permissions permissions, IOptions<GatewayOptions> options, TimeProvider time)
    : Wire.ApplicationService.ApplicationServiceBase
{
    [Requires(GatewayActions.List)]
    [Authorizes(GatewayActions.List)]
    public override async Task ListFields(Wire.ListFieldsRequest request, IServerStreamWriter<Wire.FieldsChangeUpdate> responseStream, ServerCallContext context)
    {
        var session = context.RequireSession();
        await context.WriteResponseHeadersAsync([]);
        using var call = watch.Open(session, context.CancellationToken);
        try
        {
            var visible = new VisibleFields(permissions, session.Caller);
            using var subscription = await feed.SubscribeAsync(call.Stopped);
            if (OwnVariables.MayExist(session))
                await new OwnVariables(session, visible, options.Value.FieldBatching, time).SendAsync(subscription, responseStream, call.Stopped);
            var first = await visible.FilterAsync(subscription.First, call.Stopped);
            await responseStream.WriteUnlessStoppedAsync(first.Message, call.Stopped);
            while (true)
            {
                var changes = await visible.FilterAsync(await subscription.NextAsync(call.Stopped), call.Stopped);
                if (!changes.IsEmpty)
                    await responseStream.WriteUnlessStoppedAsync(changes.Message, call.Stopped);
            }
        }
        catch (Exception exception) when (call.RecordEnd(exception))
        {
            call.ThrowIfFailed(new Fault(FaultCode.Cancelled, StatusTexts.SubscriptionCancelled));
        }
    }
}
