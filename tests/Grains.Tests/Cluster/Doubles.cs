using Orleans.Concurrency;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;

namespace Wharf.Grains.Tests.Cluster;

/// <summary>An object that does nothing but be held.</summary>
[Reentrant]
[GrainType("test.object")]
internal sealed class ObjectDouble(World world) : Grain, IPluginObjectGrain
{
    public Task HoldAsync(string holder, long epoch, TimeSpan? lease, CancellationToken cancellationToken)
    {
        world.Hold(this.GetPrimaryKeyString(), holder);
        return Task.CompletedTask;
    }

    public Task LetGoAsync(string holder, CancellationToken cancellationToken)
    {
        world.LetGo(this.GetPrimaryKeyString(), holder);
        return Task.CompletedTask;
    }

    public Task<ObjectDescription> DescribeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StreamOutput> ConnectAsync(StreamConnect connect, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StreamOutput> PullAsync(StreamPull pull, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> GetWaitsForAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task DisconnectAsync(string streamId, StreamEndReason reason, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>A table of seven rows.</summary>
[Reentrant]
[GrainType("test.table")]
internal sealed class TableDouble(World world) : Grain, ITableGrain
{
    public static readonly TableSummary Summary = new(new byte[] { 1 }, 7, true);

    public Task HoldAsync(string holder, long epoch, TimeSpan? lease, CancellationToken cancellationToken)
    {
        world.Hold(this.GetPrimaryKeyString(), holder);
        return Task.CompletedTask;
    }

    public Task LetGoAsync(string holder, CancellationToken cancellationToken)
    {
        world.LetGo(this.GetPrimaryKeyString(), holder);
        return Task.CompletedTask;
    }

    public Task<ObjectDescription> DescribeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TableSummary> SummarizeAsync(CancellationToken cancellationToken) => Task.FromResult(Summary);

    public ValueTask<TableOperationOutcome> RunAsync(TableOperationRequest run, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CancelRunAsync(string runId, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <summary>All objects are behind grains.</summary>
internal sealed class NothingHere : ILocalObjects
{
    public HeldObject? Find(ObjectReference reference) => null;
}

/// <summary>Table operations come to what the test says.</summary>
internal sealed class TableDispatcherDouble(World world) : ITableDispatcher
{
    public async Task<TableOperationOutcome> RunAsync(TableOperationRequest run, CancellationToken stopped)
    {
        await using var stop = stopped.Register(() => world.Note(() => world.CancelledRuns.Add(run.RunId)));
        return await Runs.RunAsync(world, run);
    }
}

[Reentrant]
[GrainType("test.object-factory")]
internal sealed class FactoryDouble(World world) : Grain, IObjectFactoryGrain
{
    public Task<ObjectReference> CreateAsync(string holder, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken)
    {
        var type = this.GetPrimaryKeyString();
        if (type == "Unknown")
            throw new FaultException(FaultCode.NotFound, "no such type");
        world.Made.Add(type);
        var reference = world.NewObject(type) with { Epoch = world.Made.Count };
        world.Hold(reference.ObjectId, holder);
        return Task.FromResult(reference);
    }
}

internal static class Runs
{
    public static Task<TableOperationOutcome> RunAsync(World world, TableOperationRequest run)
    {
        var pending = world.Runs.GetOrAdd(run.RunId, _ => new TaskCompletionSource<TableOperationOutcome>(TaskCreationOptions.RunContinuationsAsynchronously));
        world.Note(() => world.RunRequests[run.RunId] = run);
        if (!world.HoldRuns)
            Complete(world, run);
        return pending.Task;
    }

    /// <summary>Ends a run with a new table.</summary>
    public static ObjectReference Complete(World world, TableOperationRequest run)
    {
        var table = world.NewTable();
        world.Hold(table.ObjectId, run.Holder);
        world.Runs[run.RunId].TrySetResult(new TableOperationOutcome(true, table, TableDouble.Summary with { Size = run.Inputs.Length }, null));
        return table;
    }
}
