// The protocol marks FetchObject as deprecated; clients still use it.
#pragma warning disable CS0612, CS0618, CS0672
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Sessions;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Sharing;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Streams;

/// <summary>Serves the objects of plugins.</summary>
internal sealed class ObjectServiceHandler(
    IGrainFactory grains, ObjectStreams streams, ObjectFetch fetch, SessionOperations work, SessionWatch watch, IOptions<GatewayOptions> options)
    : Wire.ObjectService.ObjectServiceBase
{
    private static readonly ObjectReference BrowserStream = new("", ObjectKind.Handle, "MessageStream", 0);

    [Authorizes(GatewayActions.Connect)]
    public override async Task<Wire.FetchObjectResponse> FetchObject(Wire.FetchObjectRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        var connect = StreamRequests.ReadConnect(request.SourceId, options.Value.MaxTicketBytes);
        var data = await fetch.FetchAsync(session, connect, context.CancellationToken);
        var response = new Wire.FetchObjectResponse { Type = connect.ConnectType, Data = data.Payload };
        response.TypedExportIds.AddRange(data.ExportedReferences);
        return response;
    }

    [Authorizes(GatewayActions.Connect, GatewayActions.Read)]
    public override async Task MessageStream(
        IAsyncStreamReader<Wire.StreamRequest> requestStream, IServerStreamWriter<Wire.StreamResponse> responseStream, ServerCallContext context)
    {
        var session = context.RequireSession();
        await context.WriteResponseHeadersAsync([]);
        await streams.RunAsync(session, requestStream, responseStream, context.CancellationToken);
    }

    [Authorizes(GatewayActions.Connect, GatewayActions.Read)]
    public override async Task OpenMessageStream(
        Wire.StreamRequest request, IServerStreamWriter<Wire.StreamResponse> responseStream, ServerCallContext context)
    {
        var session = context.RequireSession();
        var headers = BrowserStreamHeaders.Read(context.GetHttpContext().Request.Headers);
        if (headers.HalfClose)
            return;
        if (headers.ExportId is not { } exportId)
            throw new FaultException(FaultCode.InvalidArgument, $"{WireHeaders.StreamTicket} and {WireHeaders.StreamSequence} are missing");
        if (headers.Sequence != 0)
            throw new FaultException(FaultCode.InvalidArgument, $"The message that opens a stream has sequence 0 (found: {headers.Sequence})");

        await work.AdoptAsync(session, exportId, BrowserStream, Holder.OfCall(Guid.NewGuid().ToString("N")), context.CancellationToken);
        await context.WriteResponseHeadersAsync([]);
        var stream = GetBrowserStream(session, exportId);
        await stream.OpenAsync(context.CancellationToken);
        try
        {
            await stream.PushAsync(new BrowserMessage(headers.Sequence, request.ToByteArray(), HalfClose: false), context.CancellationToken);
            await streams.RunAsync(session, new BrowserStreamReader(stream, first: 0), responseStream, context.CancellationToken);
        }
        finally
        {
            await stream.EndAsync(CancellationToken.None);
        }
    }

    // The call that opened the stream authorizes the references of the message.
    [Authorizes(GatewayActions.Connect, GatewayActions.Read)]
    public override async Task<Wire.BrowserNextResponse> NextMessageStream(Wire.StreamRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        var headers = BrowserStreamHeaders.Read(context.GetHttpContext().Request.Headers);
        if (headers.ExportId is not { } exportId)
            throw new FaultException(FaultCode.InvalidArgument, $"{WireHeaders.StreamTicket} and {WireHeaders.StreamSequence} are missing");
        if (headers.Sequence == 0)
            throw new FaultException(FaultCode.InvalidArgument, "The messages that follow the one that opens a stream have sequences above 0");
        await RequireStreamAsync(session, exportId, context.CancellationToken);
        var message = new BrowserMessage(headers.Sequence, headers.HalfClose ? default : (ReadOnlyMemory<byte>)request.ToByteArray(), headers.HalfClose);
        var stream = GetBrowserStream(session, exportId);
        using var call = watch.Open(session, context.CancellationToken);
        try
        {
            // Retry until the stream is open, which may happen on another connection.
            while (!await stream.PushAsync(message, call.Stopped))
                call.Stopped.ThrowIfCancellationRequested();
        }
        catch (Exception exception) when (call.RecordEnd(exception))
        {
            call.ThrowIfFailed(new Fault(FaultCode.Cancelled, StatusTexts.SessionClosed));
        }
        return new Wire.BrowserNextResponse();
    }

    // Waits for the export: a message may arrive before the message that opens its stream.
    private async Task RequireStreamAsync(CallSession session, int exportId, CancellationToken cancellationToken)
    {
        await using var held = await work.ResolveAsync(session, AuthorizedTickets.OfExport(exportId), cancellationToken);
        if (held.References[0] != BrowserStream)
            throw new FaultException(FaultCode.InvalidArgument, $"Export id {exportId} is not a stream");
    }

    private IBrowserStreamGrain GetBrowserStream(CallSession session, int exportId) => grains.GetGrain<IBrowserStreamGrain>($"{session.Id}/{exportId}");
}
