using Microsoft.Extensions.DependencyInjection;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Tables;
using Wharf.Tables;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Table operations run where their first input is, whichever node asks.</summary>
public sealed class TableDispatch(Conversations.Cluster cluster) : IClassFixture<Conversations.Cluster>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0, "X = i + 1")]
    [InlineData(0, 0, "X = sqrt(i)")]
    [InlineData(0, 1, "X = i + 1")]
    [InlineData(0, 1, "X = sqrt(i)")]
    public async Task The_result_is_on_the_node_of_the_input(int here, int there, string formula)
    {
        var source = await MakeAsync(there);

        var outcome = await RunAsync(here, source, formula, Cancelled);

        Assert.Null(outcome.Fault);
        Assert.Equal(4, outcome.Table!.Size);
        var table = cluster.Node(there).Tables.Find(outcome.Result!.ObjectId);
        Assert.Equal(["call/test"], table!.Holders);
        if (here != there)
            Assert.Null(cluster.Node(here).Tables.Find(outcome.Result.ObjectId));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_it_fails_of_is_told_whoever_asks(int there)
    {
        var outcome = await RunAsync(0, await MakeAsync(there), "X = nosuch + 1", Cancelled);

        Assert.Null(outcome.Result);
        Assert.Equal(FaultCode.InvalidArgument, outcome.Fault!.Code);
        Assert.Contains("nosuch", outcome.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_table_that_is_gone_is_data_loss(int there)
    {
        var source = await MakeAsync(there);
        cluster.Node(there).Tables.Find(source.ObjectId)!.Release("call/test");

        var outcome = await RunAsync(0, source, "X = i + 1", Cancelled);

        Assert.Equal(FaultCode.DataLoss, outcome.Fault!.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_run_that_is_stopped_ends_and_leaves_nothing(int there)
    {
        var source = await MakeAsync(there);
        var before = cluster.Node(there).Tables.All.Count();
        using var stop = new CancellationTokenSource();
        using var busy = await BusyPool.OfAsync(cluster.Node(there).Services.GetRequiredService<TablePool>());

        // Behind what keeps the pool busy.
        var run = RunAsync(0, source, "X = sqrt(i)", stop.Token);
        Assert.False(run.IsCompleted);
        await stop.CancelAsync();

        var outcome = await run.WaitAsync(Limits.Test, Cancelled);
        Assert.Equal(FaultCode.Cancelled, outcome.Fault!.Code);
        Assert.Equal(before, cluster.Node(there).Tables.All.Count());
    }

    [Fact]
    public async Task A_run_that_was_stopped_before_it_came_never_begins()
    {
        var source = await MakeAsync(0);
        var before = cluster.Node(0).Tables.All.Count();
        var run = new TableOperationRequest(NewId(), new PortableOperation(new SelectOrUpdate(SelectKind.Update, ["X = i + 1"])), [source], "call/test");
        var grain = cluster.Client.GetGrain<ITableGrain>(source.ObjectId);

        await grain.CancelRunAsync(run.RunId, Cancelled);
        var outcome = await grain.RunAsync(run, Cancelled);

        Assert.Equal(FaultCode.Cancelled, outcome.Fault!.Code);
        Assert.Equal(before, cluster.Node(0).Tables.All.Count());
    }

    [Fact]
    public async Task Plugin_code_that_gives_up_does_not_wait_and_holds_nothing()
    {
        await using var node = new Node();
        var dispatcher = new HeldDispatcher(node.Tables);
        using var giveUp = new CancellationTokenSource();

        var run = new TableWorker(node.Objects.Holds, dispatcher).RunAsync(new EmptyTable(4), [], giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Limits.Test, Cancelled));
        dispatcher.Complete();

        Assert.True(dispatcher.Stopped.IsCancellationRequested);
        Assert.Empty(node.Tables.All);
    }

    [Fact]
    public async Task Plugin_code_that_waits_holds_the_result()
    {
        await using var node = new Node();
        var dispatcher = new HeldDispatcher(node.Tables);

        var run = new TableWorker(node.Objects.Holds, dispatcher).RunAsync(new EmptyTable(4), [], Cancelled);
        dispatcher.Complete();

        var hold = await run.WaitAsync(Limits.Test, Cancelled);
        Assert.Single(node.Tables.All);
        hold.Release();
        Assert.Empty(node.Tables.All);
    }

    private async Task<ObjectReference> MakeAsync(int silo)
    {
        var made = await Dispatcher(silo).RunAsync(new TableOperationRequest(NewId(), new PortableOperation(new EmptyTable(4)), [], "call/test"), Cancelled);
        return made.Result!;
    }

    private Task<TableOperationOutcome> RunAsync(int silo, ObjectReference source, string formula, CancellationToken stopped)
    {
        var operation = new PortableOperation(new SelectOrUpdate(SelectKind.Update, [formula]));
        return Dispatcher(silo).RunAsync(new TableOperationRequest(NewId(), operation, [source], "call/test"), stopped);
    }

    private ITableDispatcher Dispatcher(int silo) => cluster.Node(silo).Services.GetRequiredService<ITableDispatcher>();

    private static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>Runs nothing until it is told to, and then to its end, stopped or not.</summary>
    private sealed class HeldDispatcher(TableStore tables) : ITableDispatcher
    {
        private readonly TaskCompletionSource<TableOperationOutcome> _outcome = new();
        private TableOperationRequest? _run;

        public CancellationToken Stopped { get; private set; }

        public Task<TableOperationOutcome> RunAsync(TableOperationRequest run, CancellationToken stopped)
        {
            (_run, Stopped) = (run, stopped);
            return _outcome.Task;
        }

        public void Complete()
        {
            var made = new TableEngine(TimeProvider.System).Run(_run!.Operation.Read(), [], CancellationToken.None);
            _outcome.SetResult(new TableOperationOutcome(true, tables.Add(made, _run.Holder), null, null));
        }
    }

    /// <summary>A pool all of whose threads are taken until this is disposed of.</summary>
    private sealed class BusyPool : IDisposable
    {
        private readonly ManualResetEventSlim _over = new();

        public static async Task<BusyPool> OfAsync(TablePool pool)
        {
            var busy = new BusyPool();
            var began = Enumerable.Range(0, Math.Max(2, Environment.ProcessorCount)).Select(_ => new TaskCompletionSource()).ToArray();
            foreach (var thread in began)
            {
                _ = pool.RunAsync(
                    () =>
                    {
                        thread.SetResult();
                        busy._over.Wait(CancellationToken.None);
                        return true;
                    },
                    CancellationToken.None);
            }

            await Task.WhenAll(began.Select(thread => thread.Task)).WaitAsync(Limits.Test, Cancelled);
            return busy;
        }

        public void Dispose() => _over.Set();
    }
}
