using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Wharf.Protocol.Grpc;
using Wharf.Tables;

namespace Wharf.Gateway.Tests;

/// <summary>Whatever ends at the server leaves its memory: no activation and no charge remains.</summary>
public sealed class EndedThings : IAsyncLifetime
{
    private const int Cycles = 50;
    private static readonly string[] Ending = ["SessionGrain", "SharedTicketGrain", "TableGrain", "StreamGrain"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Server _server = new(new Dictionary<string, string?>
    {
        ["Wharf:Sessions:EndedRetention"] = "00:00:00.2", ["Wharf:Sessions:MaxSessionsPerAddress"] = "1",
    });

    private MemoryAccountant Memory => _server.Services.GetRequiredService<MemoryAccountant>();

    [Fact]
    public async Task Churn_leaves_no_activation_and_no_charge_behind()
    {
        using (var first = await LoginAsync())
            await first.CloseAsync();

        for (int cycle = 0; cycle < Cycles; cycle++)
        {
            using var session = await LoginAsync();
            await MakeThingsAsync(session, cycle);
            await session.CloseAsync();
        }

        Assert.Equal("", await RemainingAsync(isEmpty: true));
        Assert.Equal((0, 0L), (Memory.Sessions, Memory.Reserved));
    }

    [Fact]
    public async Task A_session_that_goes_on_keeps_what_it_has()
    {
        using var session = await LoginAsync();
        await MakeThingsAsync(session, cycle: 0);
        await session.EmptyTableAsync(9, 10);
        await PublishAsync(session, 9, "kept");

        var remaining = await RemainingAsync(isEmpty: false);

        Assert.Contains("SessionGrain 1", remaining, StringComparison.Ordinal);
        Assert.Contains("SharedTicketGrain 1", remaining, StringComparison.Ordinal);
        Assert.Equal(1, Memory.Sessions);
        Assert.NotEqual(0, Memory.Reserved);
        await session.CloseAsync();
        Assert.Equal("", await RemainingAsync(isEmpty: true));
        Assert.Equal((0, 0L), (Memory.Sessions, Memory.Reserved));
    }

    [Fact]
    public async Task Refused_logins_leave_no_activation_behind()
    {
        using var session = await LoginAsync();
        for (int n = 0; n < 20; n++)
            Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(LoginAsync)).StatusCode);

        await session.CloseAsync();

        Assert.Equal("", await RemainingAsync(isEmpty: true));
    }

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<TestSession> LoginAsync() => _server.LoginAsync();

    /// <summary>Tables, a shared ticket that is fetched, an upload that breaks off, a stream, and an export that stays.</summary>
    private static async Task MakeThingsAsync(TestSession session, int cycle)
    {
        await session.EmptyTableAsync(1, 1000);
        await session.Tables.UpdateAsync(
            new SelectOrUpdateRequest { ResultId = TestSession.Export(2), SourceId = new TableReference { Ticket = TestSession.Export(1) }, ColumnSpecs = { "A = ii" } },
            session.Headers);
        await PublishAsync(session, 2, $"churn-{cycle}");
        await session.Sessions.ExportFromTicketAsync(new ExportRequest { SourceId = Shared($"churn-{cycle}"), ResultId = TestSession.Export(3) }, session.Headers);
        await session.Sessions.ReleaseAsync(new ReleaseRequest { Id = TestSession.Export(2) }, session.Headers);

        using (var upload = session.Flights.DoPut(session.Headers))
        {
            await upload.RequestStream.WriteAsync(new Protocol.Grpc.Flight.FlightData
            {
                FlightDescriptor = new Protocol.Grpc.Flight.FlightDescriptor { Type = Protocol.Grpc.Flight.FlightDescriptor.Types.DescriptorType.Path, Path = { "export", "4" } },
            });
        }

        using var stream = session.Objects.MessageStream(session.Headers);
        await stream.RequestStream.WriteAsync(TestSession.Connect(TestSession.Scope("echo"), "Echo"));
        await stream.ResponseStream.NextAsync();
        await stream.RequestStream.WriteAsync(TestSession.Data(ByteString.CopyFrom(new byte[100_000])));
        await stream.ResponseStream.NextAsync();
    }

    private static async Task PublishAsync(TestSession session, int export, string name) =>
        await session.Sessions.PublishFromTicketAsync(new PublishRequest { SourceId = TestSession.Export(export), ResultId = Shared(name) }, session.Headers);

    private static Ticket Shared(string name) => new() { Ticket_ = ByteString.CopyFromUtf8("h" + name) };

    /// <summary>The activations of grains that end, once there are none or the time is over.</summary>
    private async Task<string> RemainingAsync(bool isEmpty)
    {
        var management = _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        for (var until = DateTime.UtcNow + Patience; ; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            var statistics = await management.GetSimpleGrainStatistics();
            var remaining = string.Join(", ", statistics.Where(static one => one.ActivationCount > 0)
                .Select(static one => (Name: one.GrainType.Split(',')[0].Split('.')[^1], one.ActivationCount)).Where(static one => Ending.Contains(one.Name))
                .OrderBy(static one => one.Name, StringComparer.Ordinal).Select(static one => $"{one.Name} {one.ActivationCount}"));
            if (!isEmpty || (remaining.Length == 0 && Memory.Sessions == 0) || DateTime.UtcNow > until)
                return remaining;
        }
    }
}
