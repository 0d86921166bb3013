using Grpc.Core;

namespace Wharf.Client;

/// <summary>Renews the session before it expires, and detects its end.</summary>
internal sealed class KeepAlive : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public KeepAlive(
        Func<TimeSpan, CancellationToken, Task> call, TimeSpan period, TimeProvider time, ClientTelemetry telemetry, Action onLost) =>
        _loop = RunAsync(call, period, time, telemetry, onLost, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task RunAsync(
        Func<TimeSpan, CancellationToken, Task> call, TimeSpan period, TimeProvider time, ClientTelemetry telemetry, Action onLost,
        CancellationToken stop)
    {
        var wait = period;
        var retry = FirstRetry;
        while (true)
        {
            await Task.Delay(wait, time, stop).ConfigureAwait(false);
            try
            {
                await call(period, stop).ConfigureAwait(false);
                wait = period;
                retry = FirstRetry;
            }
            catch (RpcException gone) when (gone.StatusCode == StatusCode.Unauthenticated)
            {
                onLost();
                return;
            }
            catch (Exception failed) when (failed is RpcException && !stop.IsCancellationRequested)
            {
                // The server is unreachable or overloaded, but the session may still exist: retry with an increasing delay.
                wait = retry < period ? retry : period;
                telemetry.RenewalFailed(failed, wait);
                retry *= 10;
            }
        }
    }
}
