using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Wharf.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc.Flight;
using Wharf.Security.Authorization;
using StatusCode = Grpc.Core.StatusCode;
using Ticket = Wharf.Protocol.Ticket;

namespace Wharf.Security;

/// <summary>Lists leave out names that the caller may not see, and errors do not disclose whether they exist.</summary>
public sealed class NamesThatCallersMayNotSee(RestrictedServer server) : IClassFixture<RestrictedServer>
{
    private static readonly Ticket NoTable = new ScopeTicket("no_such_table");
    private static readonly Ticket NoField = new ApplicationTicket("no_such_application", "field");

    private static CancellationToken Cancelled => GuardedServer.Cancelled;

    [Fact]
    public async Task Fields_that_may_not_be_listed_are_left_out()
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (action, target) => action == "list" && target != "scope/secret");
        var listed = (await session.ListFieldsAsync(Cancelled)).Select(static field => field.Name).ToArray();
        Assert.Contains("counter", listed);
        Assert.DoesNotContain("secret", listed);

        await using var other = await server.ConnectAnonymouslyAsync(static (action, _) => action == "list");
        Assert.Contains("secret", (await other.ListFieldsAsync(Cancelled)).Select(static field => field.Name));
    }

    [Fact]
    public async Task A_new_field_is_sent_only_to_subscribers_that_may_list_it()
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (action, target) => action == "list" && !target.StartsWith("scope/hidden", StringComparison.Ordinal));
        await using var changes = session.WatchFieldsAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await changes.MoveNextAsync());

        var table = await server.Owner.EmptyTableAsync(1, Cancelled);
        await server.Owner.PublishAsync(table.Ticket, new ScopeTicket("hidden_table"), Cancelled);
        await server.Owner.PublishAsync(table.Ticket, new ScopeTicket("shown_table"), Cancelled);

        Assert.True(await changes.MoveNextAsync());
        Assert.Equal("shown_table", Assert.Single(changes.Current.Created).Name);
    }

    [Fact]
    public async Task Fields_are_not_listed_at_all_without_the_permission()
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (action, _) => action != "list");
        await Refused.ByAuthorizerAsync(() => session.ListFieldsAsync(Cancelled));
        await Refused.ByAuthorizerAsync(() => ListFlightsAsync(session.CallInvoker));
    }

    [Theory]
    [InlineData("list", false)]
    [InlineData("read", false)]
    [InlineData("", true)]
    public async Task Flights_that_may_not_be_listed_and_read_are_left_out(string refused, bool isListed)
    {
        await using var session = await server.ConnectAnonymouslyAsync((action, target) => action != refused || target != "scope/secret");
        Assert.Equal(isListed, (await ListFlightsAsync(session.CallInvoker)).Contains("scope/secret"));
    }

    [Fact]
    public async Task A_refusal_is_the_same_whether_the_name_exists_or_not()
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (_, _) => false);
        foreach (var call in Calls(session))
        {
            var refusal = await Refused.ByAuthorizerAsync(() => call(RestrictedServer.Secret));
            Assert.Equal(refusal, await Refused.ByAuthorizerAsync(() => call(NoTable)));
            Assert.Equal(refusal, await Refused.ByAuthorizerAsync(() => call(NoField)));
        }
    }

    [Fact]
    public async Task Names_that_do_not_exist_are_not_found_by_a_caller_who_may_see_them()
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (_, _) => true);
        foreach (var call in Calls(session))
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAnyAsync<RpcException>(() => call(NoTable))).StatusCode);
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAnyAsync<RpcException>(() => call(NoField))).StatusCode);
        }
    }

    [Fact]
    public async Task An_authorizer_that_throws_fails_the_call()
    {
        await using var session = await server.ConnectAnonymouslyAsync(static (_, target) => target == "scope/secret" ? throw new InvalidOperationException("for the test") : true);
        foreach (var call in Calls(session))
            Assert.Equal(StatusCode.Internal, (await Assert.ThrowsAnyAsync<RpcException>(() => call(RestrictedServer.Secret))).StatusCode);
        await session.OpenTableAsync(server.Shared, Cancelled);
    }

    [Fact]
    public async Task A_call_without_a_session_is_authorized_as_nobody()
    {
        using var channel = server.Server.OpenChannel();
        var flights = new FlightService.FlightServiceClient(channel);
        var descriptor = new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Path, Path = { "app", "demo", "field", "table" } };

        await using (await server.ConnectAnonymouslyAsync(static (_, _) => false))
            await Refused.ByAuthorizerAsync(async () => await flights.GetFlightInfoAsync(descriptor, cancellationToken: Cancelled));
        await using (await server.ConnectAnonymouslyAsync(static (_, _) => true))
        {
            var unknown = await Assert.ThrowsAsync<RpcException>(async () => await flights.GetFlightInfoAsync(descriptor, cancellationToken: Cancelled));
            Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        }
    }

    [Theory]
    [InlineData("create", """{"method": "create", "type": "Counter", "name": "made"}""")]
    [InlineData("list", """{"method": "holders", "name": "made"}""")]
    [InlineData("delete", """{"method": "delete", "name": "made"}""")]
    public async Task Names_are_managed_only_with_the_permission(string action, string call)
    {
        await using var managed = await GuardedServer.StartAsync(options =>
        {
            options.Settings["Wharf:Objects:Managers:0"] = "*";
            options.Authorizer = new RecordingAuthorizer { Decide = (caller, asked, target) => caller.Scheme != LoginSchemes.Anonymous || asked != action || target != "scope/made" };
        });
        await using var owner = await managed.ConnectAsync();
        await using var anonymous = await managed.ConnectAsync(Credentials.Anonymous);
        if (action != "create")
            await CallObjectsAsync(owner, """{"method": "create", "type": "Counter", "name": "made"}""");

        Assert.Equal((int)StatusCode.PermissionDenied, (int)(await CallObjectsAsync(anonymous, call))["status"]!);
        Assert.Equal((int)StatusCode.PermissionDenied, (int)(await CallObjectsAsync(anonymous, call))["status"]!);
        Assert.Null((await CallObjectsAsync(owner, call))["error"]);
    }

    // Each call takes a ticket of a named table.
    private static IEnumerable<Func<Ticket, Task>> Calls(Session session) =>
    [
        ticket => session.OpenTableAsync(ticket, Cancelled),
        ticket => session.ExportFromTicketAsync(ticket, Cancelled),
        ticket => session.PublishAsync(ticket, new ScopeTicket("renamed"), Cancelled),
        ticket => session.FetchObjectAsync(new TypedTicket(ticket, "Echo"), Cancelled),
        async ticket => await new FlightService.FlightServiceClient(session.CallInvoker).GetSchemaAsync(
            new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Path, Path = { ticket.ToPath()! } }, cancellationToken: Cancelled),
    ];

    private static async Task<IReadOnlyList<string>> ListFlightsAsync(CallInvoker calls)
    {
        using var call = new FlightService.FlightServiceClient(calls).ListFlights(new Criteria(), cancellationToken: Cancelled);
        var names = new List<string>();
        while (await call.ResponseStream.MoveNext(Cancelled))
            names.Add(string.Join('/', call.ResponseStream.Current.FlightDescriptor.Path));
        return names;
    }

    private static async Task<JsonNode> CallObjectsAsync(Session session, string call)
    {
        await using var objects = await PluginClient.ConnectAsync(session, new TypedTicket(new ScopeTicket("objects"), "Wharf.Objects"), Cancelled);
        await objects.ReadAsync(Cancelled);
        await objects.SendAsync(Encoding.UTF8.GetBytes(call), null, Cancelled);
        return JsonNode.Parse((await objects.ReadAsync(Cancelled))!.Payload.Span)!;
    }
}
