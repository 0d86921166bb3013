using Grpc.Core;
using Wharf.Client;
using Wharf.Cluster.Tests.Otlp;
using Wharf.Processes;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Cluster.Tests;

/// <summary>Two nodes export traces and metrics of the calls of their clients.</summary>
public sealed class ClusterTelemetry : IAsyncDisposable
{
    private readonly Collector _collector = new();
    private readonly string _journal = Path.GetTempFileName();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        File.Delete(_journal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_is_one_trace_over_gateway_session_object_and_plugin_on_two_nodes(bool behindGateways)
    {
        await using var nodes = await StartAsync(behindGateways ? new NodesBehindGateways() : new Nodes());
        var gateway = behindGateways ? "gateway" : "A";
        using var calls = new TracedCalls();
        await using (var session = await LoginAsync(nodes.A, calls))
        {
            await using var relay = await session.OpenAsync(ClusterCalls.Scope("relay", "Relay"), Token);
            await relay.SendAsync("traced"u8.ToArray(), [ClusterCalls.Scope("echo", "Echo")], Token);
            Assert.Equal("traced", await relay.HearAsync(Token));
        }

        var trace = await _collector.WaitForTraceAsync(
            calls.TraceId,
            spans => HasAll(spans, "Relay message", "Echo message", "Relay close") && spans.Any(IsStreamCall) && spans.All(span => HasParent(span, spans)),
            Token);
        var parents = trace.ToDictionary(static span => span.Id);
        var call = Assert.Single(trace, IsStreamCall);
        Assert.Equal((calls.SpanId, gateway, true), (call.ParentId, call.Node, call.IsServer));

        var connect = Assert.Single(trace, static span => span.Name == "stream connect");
        Assert.Equal((call.Id, gateway, "Wharf.Gateway"), (connect.ParentId, connect.Node, connect.Source));
        var resolve = Assert.Single(trace, span => span is { IsServer: true, Name: "ISessionGrain/ResolveAsync" } && Leads(connect, span));
        // A session lives where its client came in; behind gateways, on either silo.
        Assert.True(behindGateways || resolve.Node == "A");
        var named = Assert.Single(trace, span => span is { IsServer: true, Name: "IFieldDirectoryGrain/ResolveAsync" } && Leads(resolve, span));
        // Where the directory is on the object's own node, it holds it without a call.
        var held = trace.Where(span => span is { IsServer: true, Name: "IHeldGrain/HoldAsync" } && Leads(named, span)).Select(span => span.Node);
        Assert.Equal(named.Node == "B" ? [] : ["B"], held);

        var send = trace.First(span => span.Name == "stream send" && span.Node == gateway && span.ParentId == call.Id);
        var asked = Assert.Single(trace, static span => span.Name == "Relay message");
        Assert.Equal(("B", "Wharf.Plugins"), (asked.Node, asked.Source));
        var taken = parents[asked.ParentId!];
        Assert.Equal(("B", true, "IPluginObjectGrain/SendAsync"), (taken.Node, taken.IsServer, taken.Name));
        Assert.True(Leads(send, taken));
        var sent = parents[taken.ParentId!];
        Assert.Equal((gateway, false, send.Id), (sent.Node, sent.IsServer, sent.ParentId));

        // What the plugin does on its part is in the course of its handler.
        foreach (var name in new[] { "Echo connect", "Echo message" })
            Assert.True(Leads(asked, Assert.Single(trace, span => span.Name == name)), name);
        // Calls that only wait are in no trace, and what the nodes do on their own account makes none.
        Assert.DoesNotContain(trace, static span => span.Name.Contains("/Pull", StringComparison.Ordinal) || span.Name.Contains("/Await", StringComparison.Ordinal));
        Assert.All(_collector.Spans.Where(static span => span.ParentId is null), static root => Assert.Equal("Microsoft.AspNetCore", root.Source));

        bool HasParent(Span span, IEnumerable<Span> spans) => span.ParentId == calls.SpanId || spans.Any(other => other.Id == span.ParentId);

        bool Leads(Span ancestor, Span span) => span.ParentId is { } id && (id == ancestor.Id || (parents.TryGetValue(id, out var parent) && Leads(ancestor, parent)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_surrounds_a_handler_unless_there_is_a_collector(bool isTold)
    {
        await using var nodes = isTold ? await StartAsync(new Nodes()) : new Nodes();
        if (!isTold)
            await nodes.InitializeAsync();
        using var calls = new TracedCalls();
        await using (var session = await LoginAsync(nodes.A, calls))
        {
            await using var relay = await session.OpenAsync(ClusterCalls.Scope("relay", "Relay"), Token);
            await relay.SayAsync("in what?", Token);
            var span = await relay.HearAsync(Token);
            if (isTold)
                Assert.StartsWith($"00-{calls.TraceId}-", span, StringComparison.Ordinal);
            else
                Assert.Equal("no span", span);
        }

        // What there is to send is sent before the end.
        Assert.Equal(0, await nodes.A.StopAsync(Token));
        Assert.Equal(isTold, _collector.Spans.Any(span => span.TraceId == calls.TraceId));
        Assert.Equal(isTold, _collector.Requests > 0);
    }

    [Fact]
    public async Task Every_metric_moves()
    {
        await using var nodes = await StartAsync(new Nodes());
        await Assert.ThrowsAnyAsync<RpcException>(() => Session.ConnectAsync(nodes.A.Address, Credentials.PreSharedKey("wrong"), cancellationToken: Token));
        await using (var session = await nodes.A.LoginAsync(Token))
        {
            await session.EmptyTableAsync(3, Token);
            await using var echo = await session.OpenAsync(ClusterCalls.Scope("echo", "Echo"), Token);
            for (var n = 0; n < 10; n++)
            {
                await echo.SayAsync("0123456789", Token);
                await echo.HearAsync(Token);
            }

            await using var stubborn = await session.OpenAsync(ClusterCalls.Scope("stubborn", "Stubborn"), Token);
            await stubborn.SayAsync("block", Token);
            await stubborn.HearAsync(Token);

            await ShowsAsync("A", "wharf.sessions", "{session}", value => value == 1);
            await ShowsAsync("A", "wharf.exports", "{export}", value => value >= 1);
            await ShowsAsync("A", "wharf.tables", "{table}", value => value == 1);
            await ShowsAsync("A", "wharf.streams", "{stream}", value => value == 2);
            await ShowsAsync("A", "wharf.stream.messages", "{message}", value => value == 11, "network.io.direction=receive");
            await ShowsAsync("A", "wharf.stream.messages", "{message}", value => value >= 11, "network.io.direction=transmit");
            await ShowsAsync("A", "wharf.stream.io", "By", value => value == 105, "network.io.direction=receive");
            await ShowsAsync("A", "wharf.stream.io", "By", value => value >= 105, "network.io.direction=transmit");
            await ShowsAsync("A", "wharf.logins", "{login}", value => value == 1, "wharf.login.outcome=accepted");
            await ShowsAsync("A", "wharf.logins", "{login}", value => value >= 1, "wharf.login.outcome=refused");
            await ShowsAsync("A", "wharf.cluster.nodes", "{node}", value => value == 2);
            await ShowsAsync("B", "wharf.objects", "{object}", value => value == 1, "wharf.object.type=Stubborn");
            await ShowsAsync("B", "wharf.plugins.handler.duration", "s", value => value >= 1, "wharf.object.type=Stubborn");
            await ShowsAsync("B", "wharf.plugins.handlers.blocked", "{handler}", value => value == 1, "wharf.object.type=Stubborn");
            await ShowsAsync("B", "wharf.plugins.queue.depth", "{turn}", value => value == 1, "wharf.object.type=Stubborn");
            await ShowsAsync("B", "wharf.pool.busy", "{thread}", value => value >= 1, "wharf.pool.name=plugins");
        }

        await ShowsAsync("A", "wharf.sessions", "{session}", value => value == 0);
        await ShowsAsync("A", "wharf.exports", "{export}", value => value == 0);
        await ShowsAsync("A", "wharf.streams", "{stream}", value => value == 0);
        nodes.B.Running.Process.Send(Signal.Kill);
        await ShowsAsync("A", "wharf.cluster.nodes.lost", "{node}", value => value == 1);
        await ShowsAsync("A", "wharf.cluster.nodes", "{node}", value => value == 1);
    }

    private async Task<Nodes> StartAsync(Nodes nodes)
    {
        Nodes.Require();
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["Wharf__Telemetry__Otlp__Endpoint"] = _collector.Address,
            ["Wharf__Telemetry__Otlp__Protocol"] = "HttpProtobuf",
            ["Wharf__Telemetry__MetricsInterval"] = "00:00:00.2",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id=A",
        })
        {
            nodes.Settings[name] = value;
        }

        nodes.SettingsOfB["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id=B";
        nodes.SettingsOfB["Wharf__Fields__stubborn__Type"] = "Stubborn";
        nodes.SettingsOfB["Wharf__Fields__stubborn__Arguments__Journal"] = _journal;
        await nodes.InitializeAsync();
        return nodes;
    }

    private static bool IsStreamCall(Span span) => span.Source == "Microsoft.AspNetCore" && span.Name.EndsWith("ObjectService/MessageStream", StringComparison.Ordinal);

    private static bool HasAll(IEnumerable<Span> spans, params string[] names) => names.All(name => spans.Any(span => span.Name == name));

    private static Task<Session> LoginAsync(ServerProcess server, TracedCalls calls) =>
        Session.ConnectAsync(server.Address, Credentials.PreSharedKey(ServerProcess.Psk), new Client.SessionOptions { HttpHandler = calls }, Token);

    private async Task ShowsAsync(string node, string name, string unit, Func<double, bool> isIt, string tags = "")
    {
        await _collector.WaitForReadingAsync(node, name, tags, isIt, Token);
        Assert.Equal(unit, _collector.UnitOf(name));
    }
}
