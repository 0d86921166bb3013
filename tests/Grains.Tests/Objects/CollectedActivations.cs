using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.TestingHost;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;
using Wharf.Tables;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Objects, tables and streams that outlive the activation of their grain.</summary>
public sealed class CollectedActivations : IAsyncLifetime
{
    private readonly ConcurrentQueue<(Type Grain, IGrainContext Context)> _called = new();
    private readonly InProcessTestCluster _cluster;

    public CollectedActivations()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            Conversations.Cluster.Configure(silo);
            silo.AddIncomingGrainCallFilter(call =>
            {
                if (call.Grain is TableGrain or PluginObjectGrain or StreamGrain)
                    _called.Enqueue((call.Grain.GetType(), call.TargetContext));
                return call.Invoke();
            });
        });
        _cluster = builder.Build();
    }

    private IServiceProvider Services => ((InProcessSiloHandle)_cluster.Silos[0]).SiloHost.Services;

    private NodeObjects Node => Services.GetRequiredService<NodeObjects>();

    private IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_table_ends_after_its_idle_grain_was_collected(bool isAskedInBetween)
    {
        var table = NewTable();
        var grain = Grains.GetGrain<ITableGrain>(table.Reference.ObjectId);
        await grain.SummarizeAsync();
        await CollectAsync<TableGrain>();
        if (isAskedInBetween)
            await grain.SummarizeAsync();

        table.Release("maker");

        Assert.True(table.HasEnded);
        Assert.Null(Node.Tables.Find(table.Reference.ObjectId));
        Assert.Equal(FaultCode.DataLoss, (await Assert.ThrowsAsync<FaultException>(() => grain.SummarizeAsync())).Fault.Code);
        await GoneAsync<TableGrain>();
    }

    [Fact]
    public async Task A_table_is_released_by_its_grain_after_an_activation_before_was_collected()
    {
        var table = NewTable();
        var grain = Grains.GetGrain<ITableGrain>(table.Reference.ObjectId);
        await grain.SummarizeAsync();
        await CollectAsync<TableGrain>();

        await grain.HoldAsync("second", table.Reference.Epoch, null);
        await grain.LetGoAsync("maker");
        await grain.LetGoAsync("second");

        Assert.True(table.HasEnded);
        await GoneAsync<TableGrain>();
    }

    [Fact]
    public async Task An_object_ends_after_its_grain_was_deactivated()
    {
        var probe = new Probe();
        var hold = Node.Live.HoldInstance(probe, Node);
        var grain = Grains.GetGrain<IPluginObjectGrain>(hold.Reference.ObjectId);
        await grain.DescribeAsync();
        await DeactivateAsync<PluginObjectGrain>(grain);

        hold.Release();

        await probe.Disposed.Task.WaitAsync(Limits.Test);
        var refused = await Assert.ThrowsAsync<FaultException>(() => grain.HoldAsync("late", hold.Reference.Epoch, lease: null));
        Assert.Equal(FaultCode.DataLoss, refused.Fault.Code);
    }

    [Fact]
    public async Task A_stream_ends_after_its_grain_was_deactivated()
    {
        var probe = new Probe();
        var hold = Node.Live.HoldInstance(probe, Node);
        var live = Node.Live.Find(hold.Reference.ObjectId)!;
        var stream = await new TestStream(live).ConnectAsync();
        var grain = Grains.GetGrain<IStreamGrain>($"{live.Reference.ObjectId}|{stream.Id}");
        await grain.SendAsync(new StreamBatch(stream.Id, live.Reference.Epoch, 0, [], HalfClose: false, 0));
        await DeactivateAsync<StreamGrain>(grain);

        live.Disconnect(stream.Id, StreamEndReason.ClientCancelled);
        hold.Release();

        await probe.Disposed.Task.WaitAsync(Limits.Test);
    }

    /// <summary>Control: DeactivateOnIdle fails after the activation was collected.</summary>
    [Fact]
    public async Task Orleans_refuses_to_deactivate_a_collected_activation_on_idle()
    {
        var table = NewTable();
        await Grains.GetGrain<ITableGrain>(table.Reference.ObjectId).SummarizeAsync();
        var context = Assert.Single(Activations<TableGrain>());
        await CollectAsync<TableGrain>();

        Assert.Throws<InvalidOperationException>(() => Services.GetRequiredService<IGrainRuntime>().DeactivateOnIdle(context));
        context.DeactivateAfterEnd();
        table.Release("maker");
    }

    private StoredTable NewTable()
    {
        var made = new TableEngine(TimeProvider.System).Run(new EmptyTable(1), [], TestContext.Current.CancellationToken);
        return Node.Tables.Find(Node.Tables.Add(made, "maker").ObjectId)!;
    }

    private async Task CollectAsync<TGrain>()
    {
        await Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await GoneAsync<TGrain>();
    }

    private async Task DeactivateAsync<TGrain>(IAddressable grain)
    {
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await GoneAsync<TGrain>();
    }

    private async Task GoneAsync<TGrain>()
    {
        foreach (var activation in Activations<TGrain>())
            await activation.Deactivated.WaitAsync(Limits.Test);
    }

    private IEnumerable<IGrainContext> Activations<TGrain>() =>
        _called.Where(static call => call.Grain == typeof(TGrain)).Select(static call => call.Context).Distinct();
}
