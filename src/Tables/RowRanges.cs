using System.Runtime.ExceptionServices;

namespace Wharf.Tables;

/// <summary>Splits the rows of a table over the processors.</summary>
internal static class RowRanges
{
    // A range is long enough that starting it does not show, and a multiple of every block.
    private const int Shortest = 1 << 16, Longest = 1 << 20;

    // What a helper does: it waits for a thread, works, or has been called off before it found one.
    private const int Waits = 0, Works = 1, CalledOff = 2;

    /// <summary>How many rows one range of a table has.</summary>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="workers">How many work on it.</param>
    public static int Length(long rows, int workers)
    {
        // A few ranges for each, so that nobody waits long for the last.
        long wanted = rows / (workers * 4L) / Shortest * Shortest;
        return (int)Math.Clamp(wanted, Shortest, Longest);
    }

    /// <summary>Computes something of every range, in any order, and answers the results in the order of the rows.</summary>
    /// <typeparam name="TWorker">What one worker computes with; nobody shares it.</typeparam>
    /// <typeparam name="TResult">What comes out of a range.</typeparam>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="first">A worker that is there already.</param>
    /// <param name="more">Makes another worker.</param>
    /// <param name="work">Computes a range, given its first row and how many there are.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <param name="discard">What happens to results when others fail.</param>
    /// <returns>The results. When ranges fail, the failure of the first of them is thrown: the same one whoever was quicker.</returns>
    public static TResult[] Compute<TWorker, TResult>(
        long rows, TWorker first, Func<TWorker> more, Func<TWorker, long, int, TResult> work, CancellationToken cancellationToken, Action<TResult>? discard = null)
    {
        int workers = Environment.ProcessorCount, length = Length(rows, workers);
        var results = new TResult[(rows + length - 1) / length];
        workers = Math.Min(workers, results.Length);
        long next = -1;
        long failedAt = long.MaxValue;
        ExceptionDispatchInfo? failure = null;
        var gate = new Lock();

        void Fail(long range, Exception wrong)
        {
            lock (gate)
            {
                if (range < failedAt)
                    (failedAt, failure) = (range, ExceptionDispatchInfo.Capture(wrong));
            }
        }

        void Loop(TWorker worker)
        {
            while (Interlocked.Increment(ref next) is var range && range < results.Length && range < Interlocked.Read(ref failedAt))
            {
                try
                {
                    long start = range * length;
                    results[range] = work(worker, start, (int)Math.Min(length, rows - start));
                }
                catch (Exception wrong)
                {
                    Fail(range, wrong);
                }
            }
        }

        // The caller's thread works too. A helper that finds no thread before everything is done is called off: waiting for one would be waiting for others' work.
        OperationMemory? memory = OperationMemory.Current;
        int[] helping = new int[workers - 1];
        Task[] helpers = [.. helping.Select((_, helper) => Task.Run(() =>
        {
            if (Interlocked.CompareExchange(ref helping[helper], Works, Waits) != Waits)
                return;
            using OperationMemory.Scope operation = OperationMemory.Enter(memory);
            try
            {
                Loop(more());
            }
            catch (Exception wrong)
            {
                Fail(-1, wrong);
            }
        }))];
        Loop(first);
        for (int helper = 0; helper < helpers.Length; helper++)
        {
            if (Interlocked.CompareExchange(ref helping[helper], CalledOff, Waits) != Waits)
                helpers[helper].Wait(CancellationToken.None);
        }

        if (failure is not null && discard is not null)
        {
            foreach (TResult result in results)
            {
                if (result is not null)
                    discard(result);
            }
        }

        failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();
        return results;
    }
}
