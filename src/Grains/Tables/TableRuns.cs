using System.Collections.Concurrent;
using Wharf.Grains.Sessions;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// The table operations on this node that other nodes have requested. An operation can be found by its id until a minute after its end: a caller that repeats
/// its call, after a lost answer or a long wait, gets the same operation.
/// </summary>
internal sealed class TableRuns(TableStore tables, TableComputer computer, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Run> _runs = new();

    /// <summary>Starts an operation, or finds it, and waits for it.</summary>
    public async ValueTask<TableRunOutcome> RunAsync(TableRun request, CancellationToken cancellationToken)
    {
        var run = _runs.GetOrAdd(request.RunId, static (_, state) => new Run(state.request, state.computer, state.time), (request, computer, time));
        try
        {
            return await run.Outcome.WaitAsync(GrainLimits.LongestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new TableRunOutcome(false, null, null, null);
        }
    }

    /// <summary>Cancels an operation and releases its result. If the cancellation arrives before the request, the operation never starts.</summary>
    public void Cancel(string runId) => _runs.GetOrAdd(runId, static (_, time) => new Run(time), time).Cancel(tables);

    /// <summary>Removes operations that ended more than a minute ago.</summary>
    public void Sweep()
    {
        foreach (var (id, run) in _runs)
        {
            if (run.Outcome.IsCompleted && time.GetElapsedTime(run.EndedAt) > Remembered)
                _runs.TryRemove(id, out _);
        }

        TableEngine.TrimMemory();
    }

    private sealed class Run
    {
        private readonly CancellationTokenSource _cancel = new();

        // The entry is kept longer than the operation and its inputs, so it does not refer to them.
        private readonly string _holder;

        /// <summary>Starts an operation.</summary>
        public Run(TableRun request, TableComputer computer, TimeProvider time)
        {
            _holder = request.Holder;
            Outcome = ComputeAsync(request, computer, time);
        }

        /// <summary>Creates the entry of an operation that was cancelled before its request arrived.</summary>
        public Run(TimeProvider time)
        {
            _holder = "";
            Outcome = Task.FromResult(TableComputer.Cancelled);
            EndedAt = time.GetTimestamp();
        }

        public Task<TableRunOutcome> Outcome { get; }

        public long EndedAt { get; private set; }

        public void Cancel(TableStore tables)
        {
            _cancel.Cancel();
            _ = Outcome.ContinueWith(
                outcome =>
                {
                    if (outcome.Result.Result is { } result)
                        tables.Find(result.ObjectId)?.LetGo(_holder);
                },
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
        }

        private async Task<TableRunOutcome> ComputeAsync(TableRun request, TableComputer computer, TimeProvider time)
        {
            var outcome = await computer.ComputeAsync(request, _cancel.Token).ConfigureAwait(false);
            EndedAt = time.GetTimestamp();
            return outcome;
        }
    }
}
