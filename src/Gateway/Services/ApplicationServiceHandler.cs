using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Streams;
using Wharf.Grains;
using Wharf.Grains.Fields;
using Wharf.Grains.Streams;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Services;

/// <summary>The named fields, live.</summary>
internal sealed class ApplicationServiceHandler(
    NamedFields named, SessionWatch watch, Permissions permissions, IOptions<GatewayOptions> options, TimeProvider time)
    : Wire.ApplicationService.ApplicationServiceBase
{
    public override async Task ListFields(Wire.ListFieldsRequest request, IServerStreamWriter<Wire.FieldsChangeUpdate> responseStream, ServerCallContext context)
    {
        var session = context.RequireSession();
        await permissions.DemandAsync(session.Caller, GatewayActions.List, "", context.CancellationToken);
        await context.WriteResponseHeadersAsync([]);
        using var call = watch.Open(session, context.CancellationToken);
        try
        {
            await SendAsync(session.Caller, responseStream, call.Stopped);
        }
        catch (Exception exception) when (call.EndsWith(exception))
        {
            call.ThrowEnd(new Fault(FaultCode.Cancelled, StatusTexts.SubscriptionCancelled));
        }
    }

    private async Task SendAsync(CallerIdentity caller, IServerStreamWriter<Wire.FieldsChangeUpdate> responses, CancellationToken stopped)
    {
        var diff = new FieldDiff();
        var fields = await named.ReadAsync(caller, 0, stopped);
        await responses.WriteUnlessStoppedAsync(ToWire(diff.Advance(fields.Fields)), stopped);
        while (true)
        {
            long sent = time.GetTimestamp();
            var next = await named.ReadAsync(caller, fields.Version, stopped);
            if (next.Version == fields.Version)
                continue;
            // What changes soon after the last message is gathered until its time has passed.
            var rest = options.Value.FieldBatching - time.GetElapsedTime(sent);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, stopped);
                next = await named.ReadAsync(caller, 0, stopped);
            }
            fields = next;
            var changes = diff.Advance(fields.Fields);
            if (!changes.IsEmpty)
                await responses.WriteUnlessStoppedAsync(ToWire(changes), stopped);
        }
    }

    private static Wire.FieldsChangeUpdate ToWire(FieldChanges changes)
    {
        var update = new Wire.FieldsChangeUpdate();
        update.Created.AddRange(changes.Created.Select(ToWire));
        update.Updated.AddRange(changes.Updated.Select(ToWire));
        update.Removed.AddRange(changes.Removed.Select(ToWire));
        return update;
    }

    private static Wire.FieldInfo ToWire(FieldDescription field) => new()
    {
        TypedTicket = new Wire.TypedTicket
        {
            Ticket = Tickets.ToWire(ByteString.CopyFrom(Ticket.ParseCanonical(field.Ticket).ToBytes())),
            Type = field.Object.TypeName,
        },
        FieldName = field.FieldName,
        FieldDescription = field.Description,
        ApplicationName = field.ApplicationName,
        ApplicationId = field.ApplicationId,
    };
}
