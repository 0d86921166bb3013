using Grpc.Core;

namespace Wharf.Client;

/// <summary>Calls the server often enough that the session does not expire, and notices when it is gone.</summary>
internal sealed class KeepAlive : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public KeepAlive(Func<CancellationToken, Task> call, TimeSpan period, TimeProvider time, Action onLost) =>
        _loop = RunAsync(call, period, time, onLost, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task RunAsync(Func<CancellationToken, Task> call, TimeSpan period, TimeProvider time, Action onLost, CancellationToken stop)
    {
        var wait = period;
        var retry = FirstRetry;
        while (true)
        {
            await Task.Delay(wait, time, stop).ConfigureAwait(false);
            try
            {
                using var limit = new CancellationTokenSource(period, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
                await call(either.Token).ConfigureAwait(false);
                wait = period;
                retry = FirstRetry;
            }
            catch (RpcException gone) when (gone.StatusCode == StatusCode.Unauthenticated)
            {
                onLost();
                return;
            }
            catch (Exception failed) when (failed is RpcException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                // Not reachable, overloaded: the session may still be there. Ask again, less and less often.
                wait = retry < period ? retry : period;
                retry *= 10;
            }
        }
    }
}
