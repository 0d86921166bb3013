using Xunit.v3;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;
using Table = Wharf.Client.Table;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Flight;
using ScopeTicket = Wharf.Protocol.ScopeTicket;
using TypedTicket = Wharf.Client.TypedTicket;

[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Wharf.Cluster.Tests;

/// <summary>What clients of two nodes see of each other, where each node is everything.</summary>
public sealed class TwoNodesThatAreEverything(Nodes nodes) : TwoNodes(nodes), IClassFixture<Nodes>;

/// <summary>The same where objects live on two silos, and clients know only two gateways.</summary>
public sealed class TwoGatewaysToTwoSilos(NodesBehindGateways nodes) : TwoNodes(nodes), IClassFixture<NodesBehindGateways>
{
    [Fact]
    public async Task A_silo_serves_no_clients_and_says_how_it_is()
    {
        var silo = nodes.HomeA;
        using var http = new HttpClient { BaseAddress = silo.Address };
        Assert.True((await http.GetAsync("/health/ready", TestContext.Current.CancellationToken)).IsSuccessStatusCode);
        using var channel = GrpcChannel.ForAddress(silo.Address);
        var flight = new FlightService.FlightServiceClient(channel);
        var login = new Metadata { { "authorization", $"{LoginSchemes.PreSharedKey} {ServerProcess.Psk}" } };
        using var get = flight.DoGet(new Protocol.Grpc.Flight.Ticket { Ticket_ = Google.Protobuf.ByteString.CopyFromUtf8("s/t") }, login);
        Assert.Equal(StatusCode.Unimplemented, await ClusterCalls.FailureAsync(() => get.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
        using var put = flight.DoPut(login);
        Assert.Equal(StatusCode.Unimplemented, await ClusterCalls.FailureAsync(() => put.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
        Assert.Equal(StatusCode.Unimplemented, await ClusterCalls.FailureAsync(() => silo.LoginAsync(TestContext.Current.CancellationToken)));
    }
}

/// <summary>What clients of two nodes see of each other.</summary>
public abstract class TwoNodes
{
    private readonly Nodes _nodes;

    protected TwoNodes(Nodes nodes)
    {
        Nodes.Require();
        _nodes = nodes;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_published_object_is_one_object_on_both_nodes()
    {
        await using var a = await _nodes.A.LoginAsync(Token);
        await using var b = await _nodes.B.LoginAsync(Token);
        var export = await a.FetchAsync(ClusterCalls.Scope("counter", "Counter"), Token);
        var shared = await a.PublishAsync((Protocol.ExportTicket)export.Ticket, Token);
        await using var there = await PluginClient.ConnectAsync(a, export, Token);
        await using var here = await PluginClient.ConnectAsync(b, new TypedTicket(shared, "Counter"), Token);
        var start = await there.CountAsync(Token);
        Assert.Equal(start, await here.CountAsync(Token));
        await here.SayAsync("", Token);
        Assert.Equal((start + 1, start + 1), (await here.CountAsync(Token), await there.CountAsync(Token)));
        await there.SayAsync("41", Token);
        Assert.Equal((start + 42, start + 42), (await here.CountAsync(Token), await there.CountAsync(Token)));
    }

    [Fact]
    public async Task A_name_means_the_same_object_on_both_nodes_although_both_started_at_the_same_moment()
    {
        await using var a = await _nodes.A.LoginAsync(Token);
        await using var b = await _nodes.B.LoginAsync(Token);
        await using var there = await PluginClient.ConnectAsync(a, ClusterCalls.Scope("counter", "Counter"), Token);
        await using var here = await PluginClient.ConnectAsync(b, ClusterCalls.Scope("counter", "Counter"), Token);
        var start = await there.CountAsync(Token);
        Assert.Equal(start, await here.CountAsync(Token));
        await here.SayAsync("7", Token);
        Assert.Equal(start + 7, await there.CountAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_takes_a_table_of_the_other_node_and_its_answer_is_read_on_either(bool loginOnA)
    {
        await using var own = await (loginOnA ? _nodes.A : _nodes.B).LoginAsync(Token);
        await using var other = await (loginOnA ? _nodes.B : _nodes.A).LoginAsync(Token);
        var table = await ImportAsync(own, 1, 2, 3);
        await using var service = await PluginClient.ConnectAsync(own, ClusterCalls.Scope("example_service", "ExampleService"), Token);
        await service.SendAsync("""{"method":"hello_table","data":"x"}"""u8.ToArray(), [table.Reference], Token);
        var answer = await service.ReadAsync(Token);
        while (answer is { References.Count: 0 })
            answer = await service.ReadAsync(Token);
        var result = await own.OpenTableAsync(answer!.References[0].Ticket, Token);
        Assert.Equal(["X", "Client", "Server"], result.Schema.FieldsList.Select(static field => field.Name));
        var shared = await own.PublishAsync(result.Ticket, Token);
        Assert.Equal((long[])[1L, 2L, 3L], await (await other.OpenTableAsync(shared, Token)).NumbersAsync(Token));
    }

    [Fact]
    public async Task A_published_table_is_read_and_computed_with_on_the_other_node()
    {
        await using var a = await _nodes.A.LoginAsync(Token);
        await using var b = await _nodes.B.LoginAsync(Token);
        var numbers = Enumerable.Range(0, 200_000).Select(static n => (long)n).ToArray();
        var table = await ImportAsync(a, numbers);
        var shared = await a.PublishAsync(table.Ticket, Token);
        var fetched = await b.OpenTableAsync(shared, Token);
        Assert.Equal(numbers, await fetched.NumbersAsync(Token));
        var computed = await fetched.ViewAsync(["Y = X + 1"], Token);
        Assert.Equal(numbers.Select(static n => n + 1), await computed.NumbersAsync(Token));
    }

    [Fact]
    public async Task A_table_that_has_rows_and_no_columns_is_read_on_the_other_node()
    {
        await using var a = await _nodes.A.LoginAsync(Token);
        await using var b = await _nodes.B.LoginAsync(Token);
        var shared = await a.PublishAsync((await a.EmptyTableAsync(5, Token)).Ticket, Token);
        var fetched = await b.OpenTableAsync(shared, Token);
        Assert.Equal(5, fetched.Size);
        Assert.Equal(5, (await fetched.ToArrowAsync(Token)).Sum(static batch => batch.Length));
        Assert.Equal((long[])[0L, 1L, 2L, 3L, 4L], await (await fetched.UpdateAsync(["X = ii"], Token)).NumbersAsync(Token));
    }

    [Fact]
    public async Task Shared_tickets_of_a_publisher_end_with_it_on_both_nodes_at_once()
    {
        await using var b = await _nodes.B.LoginAsync(Token);
        await using var other = await _nodes.A.LoginAsync(Token);
        var a = await _nodes.A.LoginAsync(Token);
        var export = await a.FetchAsync(ClusterCalls.Scope("counter", "Counter"), Token);
        var shared = await a.PublishAsync((Protocol.ExportTicket)export.Ticket, Token);
        await b.ExportFromTicketAsync(shared, Token);
        await a.CloseAsync(Token);
        Assert.Equal(StatusCode.NotFound, await ClusterCalls.FailureAsync(() => b.ExportFromTicketAsync(shared, Token)));
        Assert.Equal(StatusCode.NotFound, await ClusterCalls.FailureAsync(() => other.ExportFromTicketAsync(shared, Token)));
    }

    [Fact]
    public async Task A_ticket_that_is_asked_for_before_it_is_published_is_found_once_it_is()
    {
        await using var a = await _nodes.A.LoginAsync(Token);
        await using var b = await _nodes.B.LoginAsync(Token);
        var shared = new Protocol.SharedTicket(Guid.NewGuid().ToByteArray());
        Assert.Equal(StatusCode.NotFound, await ClusterCalls.FailureAsync(() => b.ExportFromTicketAsync(shared, Token)));
        await a.PublishAsync((await a.EmptyTableAsync(1, Token)).Ticket, shared, Token);
        Assert.Equal(1, (await b.OpenTableAsync(shared, Token)).Size);
    }

    [Fact]
    public async Task A_session_may_use_the_other_node_at_every_call()
    {
        using var alternating = new Alternating(_nodes.A.Address, _nodes.B.Address);
        await using var session = await Session.ConnectAsync(
            _nodes.A.Address, Credentials.PreSharedKey(ServerProcess.Psk), new Client.SessionOptions { HttpHandler = alternating }, Token);
        for (var round = 0; round < 10; round++)
        {
            var table = await session.EmptyTableAsync(10, Token);
            var numbers = await table.UpdateAsync(["X = ii * 2"], Token);
            Assert.Equal(Enumerable.Range(0, 10).Select(static n => 2L * n), await numbers.NumbersAsync(Token));
            var imported = await ImportAsync(session, 4, 5);
            Assert.Equal((long[])[4L, 5L], await imported.NumbersAsync(Token));
            await session.ReleaseAsync(table.Ticket, Token);
            var counter = await session.FetchAsync(ClusterCalls.Scope("counter", "Counter"), Token);
            await using var open = await PluginClient.ConnectAsync(session, counter, Token);
            var start = await open.CountAsync(Token);
            await open.SayAsync("", Token);
            Assert.Equal(start + 1, await open.CountAsync(Token));
        }

        Assert.True(alternating.Calls[0] > 10 && alternating.Calls[1] > 10);
    }

    [Fact]
    public async Task A_variable_that_is_bound_on_one_node_appears_and_goes_on_the_other()
    {
        await using var a = await _nodes.A.LoginAsync(Token);
        await using var b = await _nodes.B.LoginAsync(Token);
        var name = "v" + Guid.NewGuid().ToString("N");
        await using var changes = b.WatchFieldsAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await changes.MoveNextAsync());
        Assert.Contains(changes.Current.Created, static field => field.Name == "relay");
        var table = await a.EmptyTableAsync(3, Token);
        await a.PublishAsync(table.Ticket, new ScopeTicket(name), Token);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(name, Assert.Single(changes.Current.Created).Name);
        await a.CloseAsync(Token);
        Assert.Equal(3, (await b.OpenTableAsync(new ScopeTicket(name), Token)).Size);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_object_of_one_node_is_a_reference_for_an_object_of_the_other(bool loginOnA)
    {
        await using var session = await (loginOnA ? _nodes.A : _nodes.B).LoginAsync(Token);
        await using var relay = await session.OpenAsync(ClusterCalls.Scope("relay", "Relay"), Token);
        var echo = ClusterCalls.Scope("echo", "Echo");
        await relay.SendAsync("how far?"u8.ToArray(), [echo], Token);
        var answer = (await relay.ReadAsync(Token))!;
        Assert.Equal("how far?", Encoding.UTF8.GetString(answer.Payload.Span));
        await using var further = await session.OpenAsync(answer.References[0], Token);
        await further.SayAsync("this far", Token);
        Assert.Equal("this far", await further.HearAsync(Token));
    }

    [Fact]
    public async Task An_object_lives_on_a_node_that_has_its_plugin_and_a_gateway_has_none()
    {
        await using var inside = await _nodes.LookInsideAsync(Token);
        Assert.Equal(_nodes.SiloPortOf(_nodes.HomeB), await inside.SiloPortOfAsync(new ScopeTicket("relay"), Token));
        foreach (var home in new[] { _nodes.HomeA, _nodes.HomeB })
            Assert.Equal(home == _nodes.HomeB, home.Running.Output.Contains("plugin     TestObjects", StringComparison.Ordinal));
        if (_nodes.AreBehindGateways)
            Assert.DoesNotContain("plugin     ", _nodes.A.Running.Output + _nodes.B.Running.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_up_to_the_cap_crosses_nodes_and_comes_back()
    {
        await using var a = await _nodes.A.LoginAsync(Token);
        await using var b = await _nodes.B.LoginAsync(Token);
        var payload = new byte[64 * 1024 * 1024];
        Random.Shared.NextBytes(payload);
        foreach (var session in new[] { a, b })
        {
            await using var echo = await session.OpenAsync(ClusterCalls.Scope("echo", "Echo"), Token);
            await echo.SendAsync(payload, cancellationToken: Token);
            Assert.True((await echo.ReadAsync(Token))!.Payload.Span.SequenceEqual(payload));
        }
    }

    [Fact]
    public async Task The_tickets_of_the_nodes_are_none_for_clients()
    {
        await using var a = await _nodes.A.LoginAsync(Token);
        var flight = new FlightService.FlightServiceClient(a.CallInvoker);
        var forged = new byte[80];
        "n/"u8.CopyTo(forged);
        using var put = new FlightService.FlightServiceClient(GrpcChannel.ForAddress(_nodes.A.Address)).DoPut(new Metadata { { "wharf-node-bin", forged } });
        Assert.Equal(StatusCode.Unauthenticated, await ClusterCalls.FailureAsync(() => put.ResponseStream.MoveNext(Token)));
        using var call = flight.DoGet(new Protocol.Grpc.Flight.Ticket { Ticket_ = Google.Protobuf.ByteString.CopyFrom(forged) }, cancellationToken: Token);
        Assert.Equal(StatusCode.FailedPrecondition, await ClusterCalls.FailureAsync(() => call.ResponseStream.MoveNext(Token)));
    }

    private static Task<Table> ImportAsync(Session session, params long[] numbers)
    {
        var schema = new Schema.Builder().Field(static field => field.Name("X").DataType(Int64Type.Default).Nullable(true)).Build();
        var batches = numbers.Chunk(50_000).Select(chunk => new RecordBatch(schema, [new Int64Array.Builder().AppendRange(chunk).Build()], chunk.Length));
        return session.ImportAsync(schema, batches, Token);
    }
}
