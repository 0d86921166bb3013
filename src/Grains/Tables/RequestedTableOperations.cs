using System.Collections.Concurrent;
using Wharf.Grains.Sessions;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// The table operations on this node that other nodes have requested. An operation can be found by its id until a minute after its end: a caller that repeats
/// its call, after a lost answer or a long wait, gets the same operation.
/// </summary>
internal sealed class RequestedTableOperations(TableStore tables, TableComputer computer, TimeProvider time)
{
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>Starts an operation, or finds it, and waits for it.</summary>
    public async ValueTask<TableOperationOutcome> RunAsync(TableOperationRequest request, CancellationToken cancellationToken)
    {
        var entry = _entries.GetOrAdd(request.RunId, static (_, state) => new Entry(state.request, state.computer, state.time), (request, computer, time));
        try
        {
            return await entry.Outcome.WaitAsync(GrainLimits.LongestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new TableOperationOutcome(false, null, null, null);
        }
    }

    /// <summary>Cancels an operation and releases its result. If the cancellation arrives before the request, the operation never starts.</summary>
    public void Cancel(string runId) => _entries.GetOrAdd(runId, static (_, time) => new Entry(time), time).Cancel(tables);

    /// <summary>Removes operations that ended more than a minute ago.</summary>
    public void Sweep()
    {
        foreach (var (id, entry) in _entries)
        {
            if (entry.Outcome.IsCompleted && time.GetElapsedTime(entry.EndedAt) > Retention)
                _entries.TryRemove(id, out _);
        }

        TableEngine.TrimMemory();
    }

    private sealed class Entry
    {
        private readonly CancellationTokenSource _cancel = new();

        // The entry is kept longer than the operation and its inputs, so it does not refer to them.
        private readonly string _holder;

        /// <summary>Starts an operation.</summary>
        public Entry(TableOperationRequest request, TableComputer computer, TimeProvider time)
        {
            _holder = request.Holder;
            Outcome = ComputeAsync(request, computer, time);
        }

        /// <summary>Creates the entry of an operation that was cancelled before its request arrived.</summary>
        public Entry(TimeProvider time)
        {
            _holder = "";
            Outcome = Task.FromResult(TableComputer.Cancelled);
            EndedAt = time.GetTimestamp();
        }

        public Task<TableOperationOutcome> Outcome { get; }

        public long EndedAt { get; private set; }

        public void Cancel(TableStore tables)
        {
            _cancel.Cancel();
            _ = Outcome.ContinueWith(
                outcome =>
                {
                    if (outcome.Result.Result is { } result)
                        tables.Find(result.ObjectId)?.Release(_holder);
                },
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
        }

        private async Task<TableOperationOutcome> ComputeAsync(TableOperationRequest request, TableComputer computer, TimeProvider time)
        {
            var outcome = await computer.ComputeAsync(request, _cancel.Token).ConfigureAwait(false);
            EndedAt = time.GetTimestamp();
            return outcome;
        }
    }
}
