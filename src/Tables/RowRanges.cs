using System.Runtime.ExceptionServices;

namespace Wharf.Tables;

/// <summary>Distributes the rows of a table over the processors.</summary>
internal static class RowRanges
{
    // The cost of starting a range is negligible at this length, which is a multiple of every block size.
    private const int Shortest = 1 << 16, Longest = 1 << 20;

    // The states of a helper: waiting for a thread, working, or called off before it got a thread.
    private const int Waiting = 0, Running = 1, Cancelled = 2;

    /// <summary>Returns the number of rows of a range.</summary>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="workers">The number of workers.</param>
    public static int Length(long rows, int workers)
    {
        // Several ranges per worker, so that the last range does not delay the result.
        long wanted = rows / (workers * 4L) / Shortest * Shortest;
        return (int)Math.Clamp(wanted, Shortest, Longest);
    }

    /// <summary>Computes all ranges in any order, and returns the results in the order of the rows.</summary>
    /// <typeparam name="TWorker">The state of a worker, which is not shared.</typeparam>
    /// <typeparam name="TResult">The result of a range.</typeparam>
    /// <param name="rows">The rows of the table.</param>
    /// <param name="first">The state of the first worker.</param>
    /// <param name="more">Creates the state of another worker.</param>
    /// <param name="work">Computes a range, given its first row and its length.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <param name="discard">Releases the results of other ranges after a failure.</param>
    /// <returns>The results. If ranges fail, the exception of the first of them is thrown, independently of the timing.</returns>
    public static TResult[] Compute<TWorker, TResult>(
        long rows, TWorker first, Func<TWorker> more, Func<TWorker, long, int, TResult> work, CancellationToken cancellationToken,
        Action<TResult>? discard = null)
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

        // The calling thread works, too. A helper that has not got a thread when everything is done is called off, instead of waiting for
        // unrelated work.
        OperationMemory? memory = OperationMemory.Current;
        int[] helping = new int[workers - 1];
        Task[] helpers = [.. helping.Select((_, helper) => Task.Run(() =>
        {
            if (Interlocked.CompareExchange(ref helping[helper], Running, Waiting) != Waiting)
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
            if (Interlocked.CompareExchange(ref helping[helper], Cancelled, Waiting) != Waiting)
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
