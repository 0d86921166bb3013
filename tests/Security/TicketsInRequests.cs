using System.Collections.Concurrent;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Security.Authorization;

namespace Wharf.Security;

/// <summary>
/// Sends a ticket in each field of each RPC that can carry one, found by protobuf reflection, and observes the grains behind the gateway. A grain may receive the ticket only after the
/// authorizer allowed it.
/// </summary>
public sealed class TicketsInRequests
{
    // Fields that are known to be read: without them the test would pass without a look at anything.
    private static readonly string[] KnownFields =
    [
        "SessionService/ExportFromTicket source_id.ticket",
        "SessionService/PublishFromTicket source_id.ticket",
        "SessionService/PublishFromTicket result_id.ticket",
        "ConsoleService/BindTableToVariable table_id.ticket",
        "ConsoleService/BindTableToVariable variable_name",
        "ObjectService/FetchObject source_id.ticket.ticket",
        "ObjectService/MessageStream connect.source_id.ticket.ticket",
        "ObjectService/MessageStream data.references.ticket.ticket",
        "ObjectService/OpenMessageStream connect.source_id.ticket.ticket",
        "ObjectService/NextMessageStream data.references.ticket.ticket",
        "TableService/GetExportedTableCreationResponse ticket",
        "TableService/FetchTable source_id.ticket.ticket",
        "TableService/Filter source_id.ticket.ticket",
        "TableService/Batch ops.fetch_table.source_id.ticket.ticket",
        "TableService/Batch ops.filter.source_id.ticket.ticket",
        "FlightService/GetFlightInfo path",
        "FlightService/GetSchema path",
        "FlightService/DoGet ticket",
        "FlightService/DoPut flight_descriptor.path",
    ];

    private const int FieldsOfSession = 10;

    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _denied = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Marker, string Action), bool> _actions = new();
    private readonly ConcurrentDictionary<(string Method, string Action), bool> _authorized = new();
    private Endpoints? _endpoints;

    [Fact]
    public async Task No_field_of_a_request_brings_a_ticket_past_the_authorizer()
    {
        await using var server = await StartAsync();
        using var channel = server.OpenChannel();
        var faults = new ConcurrentQueue<string>();
        var read = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        // A third of all fields are those of Batch, so the fields of an RPC have several sessions. The fields of different RPCs share none: one of them closes its session.
        await Parallel.ForEachAsync(
            TicketField.Methods.SelectMany(static method => TicketField.Of(method).Chunk(FieldsOfSession)),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = GuardedServer.Cancelled },
            async (fields, _) =>
            {
                await using var session = await RequestSession.OpenAsync(server);
                foreach (var field in fields)
                    foreach (var form in Enum.GetValues<TicketForm>())
                    {
                        var denied = await ObserveAsync(field, form, isAllowed: false, session, calls: null);
                        var allowed = await ObserveAsync(field, form, isAllowed: true, session, calls: null);
                        if (Observation.FindFault(denied, allowed) is { } fault)
                            faults.Enqueue($"{field} ({form}) {fault}");
                        if (allowed.IsAsked)
                            read[field.ToString()] = true;
                        var withoutSession = await ObserveAsync(field, form, isAllowed: false, session, channel.CreateCallInvoker());
                        if (withoutSession.ReachedBy is { } grain)
                            faults.Enqueue($"{field} ({form}) reaches {grain} without a session although it is denied");
                    }
            });

        foreach (string fault in faults)
            TestContext.Current.TestOutputHelper?.WriteLine(fault);
        Assert.Empty(faults);
        Assert.Empty(KnownFields.Except(read.Keys, StringComparer.Ordinal));
        Assert.All(_authorized.Keys, call => Assert.Contains(call.Action, _endpoints!.ActionsOf(call.Method)));
        Assert.Contains(("/io.deephaven.proto.backplane.grpc.TableService/Filter", GatewayActions.Read), _authorized.Keys);
    }

    /// <summary>The test above finds nothing; this shows that it would.</summary>
    [Fact]
    public void A_ticket_that_passes_the_authorizer_is_a_fault()
    {
        var denied = new Observation(IsAsked: true, ReachedBy: null, StatusCode.PermissionDenied);
        var allowed = new Observation(IsAsked: true, ReachedBy: "ISessionGrain.Resolve", StatusCode.OK);
        var notRead = new Observation(IsAsked: false, ReachedBy: null, StatusCode.Unimplemented);

        Assert.Null(Observation.FindFault(denied, allowed));
        Assert.Null(Observation.FindFault(notRead, notRead));
        Assert.NotNull(Observation.FindFault(allowed with { IsAsked = false }, allowed with { IsAsked = false }));
        Assert.NotNull(Observation.FindFault(denied with { ReachedBy = allowed.ReachedBy }, allowed));
        Assert.NotNull(Observation.FindFault(denied with { Status = StatusCode.NotFound }, allowed));
        Assert.NotNull(Observation.FindFault(notRead, allowed with { IsAsked = false }));
        Assert.NotNull(Observation.FindFault(denied, denied));
    }

    /// <summary>A service of another assembly would not be found by the test above.</summary>
    [Fact]
    public async Task Every_served_RPC_is_among_those_that_are_tried()
    {
        await using var server = await StartAsync();
        var tried = TicketField.Methods.Select(static method => $"/{method.Service.FullName}/{method.Name}").ToHashSet(StringComparer.Ordinal);

        var served = _endpoints!.Methods.Where(static method => !method.StartsWith("/grpc.", StringComparison.Ordinal)).ToArray();

        Assert.Contains("/io.deephaven.proto.backplane.grpc.ObjectService/MessageStream", served);
        Assert.Empty(served.Except(tried, StringComparer.Ordinal));
    }

    private async Task<Observation> ObserveAsync(TicketField field, TicketForm form, bool isAllowed, RequestSession session, CallInvoker? calls)
    {
        var marker = new Marker(form);
        if (!isAllowed)
            _denied[marker.Recognized] = true;
        var request = field.Build(marker, session.Defaults);
        var status = calls is not null
            ? await RequestSession.CallWithoutSessionAsync(calls, field.Method, request)
            : await session.CallAsync(field.Method, request, connects: field.Path[0].Name == "connect");
        foreach (var (_, action) in _actions.Keys.Where(key => key.Marker == marker.Recognized))
            _authorized[($"/{field.Method.Service.FullName}/{field.Method.Name}", action)] = true;
        return new Observation(_asked.ContainsKey(marker.Recognized), ObservedGrains.ReachedBy(marker), status);
    }

    private bool Decide(string action, string target)
    {
        var markers = Marker.Find(Encoding.UTF8.GetBytes(target)).ToArray();
        foreach (var marker in markers)
        {
            _asked[marker] = true;
            _actions[(marker, action)] = true;
        }

        return !markers.Any(_denied.ContainsKey);
    }

    private Task<GuardedServer> StartAsync() => GuardedServer.StartAsync(
        options => options.Authorizer = new RecordingAuthorizer { Decide = (_, action, target) => Decide(action, target) },
        services =>
        {
            services.AddSingleton<IIncomingGrainCallFilter, ObservedGrains>();
            services.AddHostedService(provider => _endpoints = new Endpoints(provider.GetRequiredService<EndpointDataSource>()));
        });
}
