using Google.Protobuf;
using Grpc.Core;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Sessions;
using Wharf.Gateway.Streams;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Serves Arrow Flight. <see cref="FlightDataMethods{TService}"/> binds DoGet and DoPut, which avoids a copy of the data.</summary>
[BoundElsewhere(nameof(DoGet), nameof(DoPut))]
[UnservedWithoutSession(nameof(DoAction))]
internal sealed class FlightServiceHandler(
    SessionLogins logins, FlightTables tables, SessionWatch watch, SessionOperations work, NodeFlight? nodes = null)
    : Wire.FlightService.FlightServiceBase, IFlightData
{
    [NoSession]
    [NoPermission]
    public override async Task Handshake(
        IAsyncStreamReader<Wire.HandshakeRequest> requestStream, IServerStreamWriter<Wire.HandshakeResponse> responseStream, ServerCallContext context)
    {
        bool isKnown = context.FindSession() is not null;
        var source = new LoginSource(context.GetHttpContext());
        LongCall? call = null;
        try
        {
            // A client may renew its token on the open stream any number of times. The stream ends when the client completes it, or with the session.
            while (await requestStream.MoveNext(call?.Stopped ?? context.CancellationToken))
            {
                if (context.FindSession() is not null)
                    continue;
                if (await logins.FromHandshakeAsync(requestStream.Current.Payload.Memory, source, context.CancellationToken) is not { } session)
                    continue;
                isKnown = true;
                call?.Dispose();
                call = watch.Open(session, context.CancellationToken);
                UnauthenticatedCall.Of(context.GetHttpContext())?.Leave();
                await responseStream.WriteAsync(new Wire.HandshakeResponse { Payload = ByteString.CopyFromUtf8(session.Token) }, context.CancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException && call?.RecordEnd(exception) == true)
        {
            call.ThrowIfFailed(new Fault(FaultCode.Unauthenticated, StatusTexts.SessionHasEnded));
        }
        finally
        {
            call?.Dispose();
        }

        if (!isKnown)
            throw new FaultException(FaultCode.Unauthenticated, "No authentication details provided");
    }

    [NoSession]
    [Authorizes(GatewayActions.Read)]
    public override Task<Wire.FlightInfo> GetFlightInfo(Wire.FlightDescriptor request, ServerCallContext context) =>
        tables.DescribeAsync(request, context.FindSession(), context.CancellationToken);

    [NoSession]
    [Authorizes(GatewayActions.Read)]
    public override async Task<Wire.SchemaResult> GetSchema(Wire.FlightDescriptor request, ServerCallContext context) =>
        new() { Schema = (await tables.DescribeAsync(request, context.FindSession(), context.CancellationToken)).Schema };

    [NoSession]
    [Authorizes(GatewayActions.List, GatewayActions.Read)]
    public override Task ListFlights(Wire.Criteria request, IServerStreamWriter<Wire.FlightInfo> responseStream, ServerCallContext context) =>
        request.Expression.IsEmpty
            ? tables.ListAsync(responseStream, context.FindSession(), context.CancellationToken)
            : throw new FaultException(FaultCode.InvalidArgument, "ListFlights does not support an expression");

    [NoSession]
    [NoPermission]
    public override Task ListActions(Wire.Empty request, IServerStreamWriter<Wire.ActionType> responseStream, ServerCallContext context) => Task.CompletedTask;

    /// <summary>Sends a table of any node to a client, or a table of this node to another node.</summary>
    [Authorizes(GatewayActions.Read)]
    public async Task DoGet(Wire.Ticket request, IServerStreamWriter<FlightFrame> responseStream, ServerCallContext context)
    {
        if (NodeCall.Of(context) is { } node)
        {
            await RequireTables().SendAsync(node, responseStream, context.CancellationToken);
            return;
        }

        await foreach (var frame in await tables.OpenAsync(request.Ticket_, context.RequireSession(), context.CancellationToken))
            await responseStream.WriteAsync(frame, context.CancellationToken);
    }

    /// <summary>Stores a table of a client on any node, or a table of another node on this node.</summary>
    [Authorizes(GatewayActions.Create, GatewayActions.Publish)]
    public Task DoPut(IAsyncStreamReader<FlightFrame> requestStream, IServerStreamWriter<Wire.PutResult> responseStream, ServerCallContext context) =>
        NodeCall.Of(context) is { } node
            ? RequireTables().StoreAsync(node, requestStream, responseStream, context.CancellationToken)
            : StoreAsync(requestStream, responseStream, context);

    private async Task StoreAsync(IAsyncStreamReader<FlightFrame> requestStream, IServerStreamWriter<Wire.PutResult> responseStream, ServerCallContext context)
    {
        var session = context.RequireSession();
        using var call = watch.Open(session, context.CancellationToken);
        Ticket? target = null;
        try
        {
            if (!await requestStream.MoveNext(call.Stopped) || requestStream.Current.Descriptor is not { } descriptor)
                throw new FaultException(FaultCode.InvalidArgument, "The first message of an upload must have its descriptor");
            target = tables.ReadTarget(descriptor);
            await tables.StoreAsync(
                requestStream,
                requestStream.Current,
                () => responseStream.WriteUnlessStoppedAsync(new Wire.PutResult(), call.Stopped),
                target,
                session,
                call.Stopped);
        }
        catch (FaultException refused) when (!call.RecordEnd(refused))
        {
            await FailAsync(target, session, refused.Fault);
            throw;
        }
        catch (Exception broken)
        {
            // Fail the export however the call ended, so that operations that wait for the table do not wait forever.
            if (!call.SessionHasEnded)
                await FailAsync(target, session, new Fault(FaultCode.Cancelled, "The upload was cancelled"));
            if (!call.RecordEnd(broken))
                throw;
            call.ThrowIfFailed(new Fault(FaultCode.Unauthenticated, "The session has expired"));
        }
    }

    private NodeFlight RequireTables() => nodes ?? throw FlightTables.Lost();

    // Fails the operations that wait for the table.
    private async Task FailAsync(Ticket? target, CallSession session, Fault fault)
    {
        if (target is not ExportTicket export)
            return;
        try
        {
            await work.FailAsync(session, export.Id, fault, CancellationToken.None);
        }
        catch (FaultException)
        {
            // Expected: failing the export throws its fault. The id may also be in use, or the session may have ended.
        }
    }
}
