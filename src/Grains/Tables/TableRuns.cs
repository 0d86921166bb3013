using System.Collections.Concurrent;
using Wharf.Grains.Sessions;
using Wharf.Tables;

namespace Wharf.Grains.Tables;

/// <summary>
/// The runs of table operations on this node that were asked for from another. A run is known by its id until a minute after its end: who asks again, after a lost answer or a long
/// wait, gets the same run.
/// </summary>
internal sealed class TableRuns(TableStore tables, TableComputer computer, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Run> _runs = new();

    /// <summary>Starts a run, or finds it, and waits for it.</summary>
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

    /// <summary>Stops a run; a result that is there already is let go of. Word of that may come before the run itself does, which then never begins.</summary>
    public void Cancel(string runId) => _runs.GetOrAdd(runId, static (_, time) => new Run(time), time).Cancel(tables);

    /// <summary>Forgets runs that ended long ago.</summary>
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

        // A run is remembered for long, its operation and inputs are not.
        private readonly string _holder;

        /// <summary>Begins a run.</summary>
        public Run(TableRun request, TableComputer computer, TimeProvider time)
        {
            _holder = request.Holder;
            Outcome = ComputeAsync(request, computer, time);
        }

        /// <summary>Makes one that was stopped before it came.</summary>
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
