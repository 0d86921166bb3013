// The protocol marks calls and fields of the old login as deprecated; clients still use them.
#pragma warning disable CS0612, CS0618, CS0672
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Fields;
using Wharf.Gateway.Hosting;
using Wharf.Grains;
using Wharf.Grains.Sessions;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Sessions;

/// <summary>Serves sessions and their exports.</summary>
internal sealed class SessionServiceHandler(
    SessionLogins logins,
    SessionOperations work,
    SessionWatch watch,
    GatewayDrain drain,
    Permissions permissions,
    NamedFields fields,
    AuditLog audit,
    IOptions<GatewayOptions> options,
    IOptions<GatewaySessionOptions> sessions) : Wire.SessionService.SessionServiceBase
{
    private readonly int _maxTicket = options.Value.MaxTicketBytes;

    [NoSession]
    [NoPermission]
    public override async Task<Wire.HandshakeResponse> NewSession(Wire.HandshakeRequest request, ServerCallContext context)
    {
        if (context.FindSession() is { } session)
            return Describe(session);
        var payload = ReadPayload(request);
        if (payload.IsEmpty)
            throw new FaultException(Fault.NoSession);
        return Describe(await logins.FromHandshakeAsync(payload, new LoginSource(context.GetHttpContext()), context.CancellationToken)
            ?? throw new FaultException(SessionLogins.Refused));
    }

    [NoSession]
    [NoPermission]
    public override Task<Wire.HandshakeResponse> RefreshSessionToken(Wire.HandshakeRequest request, ServerCallContext context)
    {
        RequireProtocolZero(request);
        return Task.FromResult(Describe(context.RequireSession()));
    }

    [NoSession]
    [NoPermission]
    public override async Task<Wire.CloseSessionResponse> CloseSession(Wire.HandshakeRequest request, ServerCallContext context)
    {
        RequireProtocolZero(request);
        var session = context.RequireSession();
        await session.Grain.CloseAsync(SessionEndReason.Closed, context.CancellationToken);
        audit.Closed(session.Caller.Identity, session.Id);
        // The token in the response headers is no longer valid.
        context.GetHttpContext().Response.Headers.Remove(WireHeaders.Authorization);
        context.GetHttpContext().Response.Headers.Remove("set-cookie");
        return new Wire.CloseSessionResponse();
    }

    [NoPermission]
    public override async Task<Wire.ReleaseResponse> Release(Wire.ReleaseRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        if (request.Id is null)
            throw new FaultException(FaultCode.InvalidArgument, "No id supplied");
        var ticket = Tickets.Read(request.Id.Ticket_, _maxTicket);
        if (ticket is not ExportTicket export)
            throw new FaultException(FaultCode.FailedPrecondition, StatusTexts.OnlyExportsAreReleased(ticket));
        await session.Grain.ReleaseAsync(export.Id, context.CancellationToken);
        return new Wire.ReleaseResponse();
    }

    [DeferredSessionCheck]
    [Authorizes(GatewayActions.Connect, GatewayActions.Read)]
    public override async Task<Wire.ExportResponse> ExportFromTicket(Wire.ExportRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        RequireSource(request.SourceId);
        if (request.ResultId is null)
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.ResultTicketMissing);
        var ticket = Tickets.ReadSource(request.SourceId.Ticket_, _maxTicket);
        var source = await AuthorizedTickets.AuthorizeReferencesAsync(permissions, session.Caller, [ticket], context.CancellationToken);
        await fields.RequireApplicationsAsync(source, context.CancellationToken);
        await work.ReferAsync(session, Tickets.ReadResult(request.ResultId.Ticket_, _maxTicket), source, context.CancellationToken);
        return new Wire.ExportResponse();
    }

    [Authorizes(GatewayActions.Connect, GatewayActions.Read, GatewayActions.Publish)]
    public override async Task<Wire.PublishResponse> PublishFromTicket(Wire.PublishRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        RequireSource(request.SourceId);
        if (Tickets.IsMissing(request.ResultId))
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.ResultTicketMissing);
        var cancellationToken = context.CancellationToken;
        var ticket = Tickets.ReadSource(request.SourceId.Ticket_, _maxTicket);
        var result = Tickets.Read(request.ResultId.Ticket_, _maxTicket);
        var source = await AuthorizedTickets.AuthorizeReferencesAsync(permissions, session.Caller, [ticket], cancellationToken);
        var target = await AuthorizedTickets.AuthorizeAsync(permissions, session.Caller, GatewayActions.Publish, result.Canonical, cancellationToken);
        await fields.RequireApplicationsAsync(source, cancellationToken);
        await fields.RequireApplicationsAsync(target, cancellationToken);
        switch (result)
        {
            case SharedTicket:
                if (Tickets.Read(request.SourceId.Ticket_, _maxTicket) is not ExportTicket { Id: not 0 } export)
                    throw new FaultException(FaultCode.FailedPrecondition, StatusTexts.SharedSourceMustBeExport);
                await work.PublishAsync(session, export.Id, target, cancellationToken);
                break;
            case ScopeTicket:
                await work.BindAsync(session, source, target, tablesOnly: false, cancellationToken);
                break;
            case ExportTicket own:
                await work.ReferAsync(session, own.Id, source, cancellationToken);
                break;
            default:
                throw new FaultException(FaultCode.FailedPrecondition, $"Nothing can be published to {result}");
        }
        return new Wire.PublishResponse();
    }

    [NoPermission]
    public override async Task ExportNotifications(
        Wire.ExportNotificationRequest request, IServerStreamWriter<Wire.ExportNotification> responseStream, ServerCallContext context)
    {
        var session = context.RequireSession();
        var subscriber = Guid.NewGuid().ToString("N");
        await NotificationStream.RunAsync(watch, drain, session, subscriber, responseStream, context, async (cursor, cancellationToken) =>
        {
            var batch = await session.Grain.PullNotificationsAsync(subscriber, cursor, cancellationToken);
            return (batch.Items.Select(ToWire), batch.IsDone);
        });
    }

    [NoPermission]
    public override async Task<Wire.TerminationNotificationResponse> TerminationNotification(
        Wire.TerminationNotificationRequest request, ServerCallContext context)
    {
        var session = context.RequireSession();
        await context.WriteResponseHeadersAsync([]);
        using var call = watch.Open(session, context.CancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Stopped, drain.Begun);
        await either.Token.UntilCancelledAsync();
        if (drain.HasBegun)
            return new Wire.TerminationNotificationResponse { AbnormalTermination = false };
        call.ThrowIfFailed(new Fault(FaultCode.Unauthenticated, StatusTexts.SessionHasEnded));
        return new Wire.TerminationNotificationResponse();
    }

    private static Wire.ExportNotification ToWire(ExportNotice notice) => new()
    {
        Ticket = Tickets.ToWire(Tickets.OfExport(notice.ExportId)),
        ExportState = (Wire.ExportNotification.Types.State)notice.State,
        Context = notice.Context,
        DependentHandle = notice.DependentHandle,
    };

    private static void RequireSource(Wire.Ticket? source)
    {
        if (Tickets.IsMissing(source))
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.SourceTicketMissing);
    }

    private static ReadOnlyMemory<byte> ReadPayload(Wire.HandshakeRequest request) => request.Payload.Memory;

    private static void RequireProtocolZero(Wire.HandshakeRequest request)
    {
        if (request.AuthProtocol != 0)
            throw new FaultException(FaultCode.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"Protocol version {request.AuthProtocol} not allowed"));
    }

    private Wire.HandshakeResponse Describe(CallSession session) => new()
    {
        MetadataHeader = ByteString.CopyFromUtf8(WireHeaders.AuthorizationInMessages),
        SessionToken = ByteString.CopyFromUtf8(WireHeaders.BearerPrefix + session.Token),
        TokenDeadlineTimeMillis = session.Status.DeadlineMilliseconds,
        TokenExpirationDelayMillis = (long)sessions.Value.Duration.TotalMilliseconds,
    };
}
