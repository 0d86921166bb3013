using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Fields;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Sessions;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Tables;
using Wharf.Protocol;
using Wharf.Tables;
using Wire = Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Flight;

/// <summary>Describes, lists, sends and stores tables for Flight.</summary>
internal sealed class FlightTables(
    IGrainFactory grains, ITableBytes bytes, SessionOperations work, NamedFields named, Permissions permissions, IOptions<GatewayOptions> options)
{
    private readonly int _maxTicket = options.Value.MaxTicketBytes;

    /// <summary>Describes the table of a descriptor.</summary>
    /// <exception cref="FaultException">NOT_FOUND: the table does not exist.</exception>
    public async Task<Wire.FlightInfo> DescribeAsync(Wire.FlightDescriptor descriptor, CallSession? session, CancellationToken cancellationToken)
    {
        if (session is null && FlightDescriptors.BelongsToSession(descriptor))
            throw NeedsSession($"the path {string.Join('/', descriptor.Path)}");
        var ticket = FlightDescriptors.Read(descriptor, _maxTicket);
        if (session is null)
            return ToInfo(descriptor, ticket, await DescribeWithoutSessionAsync(ticket, cancellationToken));
        var source = await AuthorizedTickets.AuthorizeAsync(permissions, session.Caller, GatewayActions.Read, ticket.Canonical, cancellationToken);
        await using var held = await work.ResolveAsync(session, source, cancellationToken);
        return ToInfo(descriptor, ticket, await SummarizeAsync(held.References[0], ticket, cancellationToken));
    }

    /// <summary>Lists the named tables that the caller may list and read: those of applications, and for a session also those of the scope.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED: the caller may not list any name.</exception>
    public async Task ListAsync(IServerStreamWriter<Wire.FlightInfo> infos, CallSession? session, CancellationToken cancellationToken)
    {
        var caller = session?.Caller ?? Permissions.NoSession;
        await permissions.DemandAsync(caller, GatewayActions.List, "", cancellationToken);
        var shared = await new VisibleFields(permissions, caller).FilterAsync(await named.ReadAsync(cancellationToken), cancellationToken);
        foreach (var field in await OwnVariables.AddAsync(shared, session, cancellationToken))
        {
            if (field.Object.Kind != ObjectKind.Table || (session is null && field.ApplicationId == WireNames.ScopeApplicationId))
                continue;
            if (!await permissions.AllowsAsync(caller, GatewayActions.Read, field.Ticket, cancellationToken))
                continue;
            var ticket = Ticket.ParseCanonical(field.Ticket);
            var descriptor = new Wire.FlightDescriptor { Type = Wire.FlightDescriptor.Types.DescriptorType.Path };
            descriptor.Path.AddRange(ticket.ToPath());
            try
            {
                await infos.WriteAsync(ToInfo(descriptor, ticket, await SummarizeAsync(field.Object, ticket, cancellationToken)), cancellationToken);
            }
            catch (FaultException gone) when (gone.Fault.Code is FaultCode.DataLoss or FaultCode.NotFound)
            {
                // The table was released while the list was read.
            }
        }
    }

    /// <summary>Opens the table of a ticket.</summary>
    /// <exception cref="FaultException">The ticket is not a table's, or the table is lost.</exception>
    public async Task<IAsyncEnumerable<FlightFrame>> OpenAsync(ByteString ticket, CallSession session, CancellationToken cancellationToken)
    {
        if (ticket.IsEmpty)
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.NoTicketSupplied);
        if (FlightSql.TryReadName(ticket, out var command))
            throw FlightSql.Refuse(command);
        var source = await AuthorizedTickets.AuthorizeAsync(
            permissions, session.Caller, GatewayActions.Read, Tickets.ReadSource(ticket, _maxTicket), cancellationToken);
        await using var held = await work.ResolveAsync(session, source, cancellationToken);
        if (held.References[0] is not { Kind: ObjectKind.Table } reference)
            throw new FaultException(FaultCode.FailedPrecondition, "The ticket is not a subscribable table");
        return await bytes.OpenAsync(reference.ObjectId, cancellationToken) ?? throw Lost();
    }

    /// <summary>Returns the target of an upload.</summary>
    /// <exception cref="FaultException">The descriptor is not a valid target.</exception>
    public Ticket ReadTarget(Wire.FlightDescriptor descriptor) => ReadAnyTarget(descriptor) switch
    {
        ExportTicket { Id: <= 0 } export => throw new FaultException(FaultCode.InvalidArgument, StatusTexts.ResultIdMustBePositive(export.Id)),
        var target and (ExportTicket or ScopeTicket) => target,
        var other => throw new FaultException(FaultCode.FailedPrecondition, $"Nothing can be uploaded to {other}"),
    };

    /// <summary>Stores an upload.</summary>
    /// <exception cref="FaultException">PERMISSION_DENIED, or the upload is not a table.</exception>
    public async Task StoreAsync(
        IAsyncStreamReader<FlightFrame> frames, FlightFrame first, Func<Task> acknowledge, Ticket target, CallSession session, CancellationToken cancellationToken)
    {
        // A name in the scope is visible to other sessions, so it needs both permissions. Both are checked before anything is read.
        await permissions.DemandAsync(session.Caller, GatewayActions.Create, target is ScopeTicket ? target.Canonical : "", cancellationToken);
        var authorized = await AuthorizedTickets.AuthorizeAsync(permissions, session.Caller, GatewayActions.Publish, target.Canonical, cancellationToken);
        var holder = Holder.OfCall(session.Id, Guid.NewGuid().ToString("N"));
        var reference = await bytes.StoreAsync(frames, first, acknowledge, holder, cancellationToken);
        await using var held = new HeldObjects(grains, [reference], holder);
        if (target is ExportTicket export)
            await work.AdoptAsync(session, export.Id, reference, holder, cancellationToken);
        else
            await NamedFields.SetAsync(session, authorized, reference, cancellationToken);
    }

    private Ticket ReadAnyTarget(Wire.FlightDescriptor descriptor)
    {
        try
        {
            return FlightDescriptors.Read(descriptor, _maxTicket);
        }
        catch (TicketFormatException unknown) when (unknown.Error.Kind == TicketErrorKind.NamesNothing)
        {
            // An unknown name is not a valid target either, but the status of an upload is FAILED_PRECONDITION.
            throw new FaultException(FaultCode.FailedPrecondition, $"Nothing can be uploaded there: {unknown.Message}");
        }
    }

    // Fields of applications do not need a session; all other tickets do.
    private async Task<TableSummary> DescribeWithoutSessionAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        if (ticket is not ApplicationTicket)
            throw NeedsSession(ticket.ToString());
        var field = await AuthorizedTickets.AuthorizeAsync(permissions, Permissions.NoSession, GatewayActions.Read, ticket.Canonical, cancellationToken);
        var found = await named.FindAsync(field, cancellationToken) ?? throw NoTable(ticket);
        return await SummarizeAsync(found, ticket, cancellationToken);
    }

    private async Task<TableSummary> SummarizeAsync(ObjectReference reference, Ticket ticket, CancellationToken cancellationToken) =>
        reference.Kind == ObjectKind.Table
            ? await GrainCallRetry.RetryOnceAsync(
                grains.GetGrain<ITableGrain>(reference.ObjectId), static (grain, token) => grain.SummarizeAsync(token), cancellationToken)
            : throw NoTable(ticket);

    public static FaultException Lost() => new(FaultCode.DataLoss, "The table is lost with its node");

    private static FaultException NeedsSession(string what) => new(FaultCode.Unauthenticated, $"A session is needed for {what}");

    private static FaultException NoTable(Ticket ticket) => new(FaultCode.NotFound, $"No table at {ticket}");

    private static Wire.FlightInfo ToInfo(Wire.FlightDescriptor descriptor, Ticket ticket, TableSummary table) => new()
    {
        Schema = UnsafeByteOperations.UnsafeWrap(table.Schema),
        FlightDescriptor = descriptor,
        Endpoint = { new Wire.FlightEndpoint { Ticket = new Wire.Ticket { Ticket_ = UnsafeByteOperations.UnsafeWrap(ticket.ToBytes()) } } },
        TotalRecords = table.IsStatic ? table.Size : -1,
        TotalBytes = -1,
    };
}
