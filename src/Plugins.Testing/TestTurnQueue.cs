using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Testing;

/// <summary>Runs calls into the plugin one at a time, in the order in which they were queued. Failures are converted as for a client.</summary>
internal sealed class TestTurnQueue
{
    private static readonly AsyncLocal<Turn?> Running = new();

    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>The running turn of this queue that the calling code belongs to; null outside of a turn.</summary>
    public Turn? Own => Running.Value is { HasReturned: false } turn && turn.Queue == this ? turn : null;

    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var turn = new Turn(this);
        Task before;
        lock (_gate)
        {
            before = _last;
            _last = turn.Returned;
        }

        return RunAfterAsync(before, turn, work);
    }

    private static async Task<T> RunAfterAsync<T>(Task before, Turn turn, Func<Task<T>> work)
    {
        await before.ConfigureAwait(false);
        PluginCulture.Apply();
        Running.Value = turn;
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // A deliberate failure keeps its class, which tests may check.
            if (PluginGuard.IsPassedUnchanged(failed))
                throw;
            throw PluginGuard.ToPluginException(failed);
        }
        finally
        {
            turn.Return();
        }
    }

    /// <summary>A call into the plugin.</summary>
    internal sealed class Turn(TestTurnQueue queue)
    {
        private readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TestTurnQueue Queue => queue;

        public Task Returned => _returned.Task;

        public bool HasReturned => _returned.Task.IsCompleted;

        public void Return() => _returned.TrySetResult();
    }
}
