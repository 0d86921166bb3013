using System.Collections.Frozen;
using Wharf.Gateway.Drain;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Server.Health;

namespace Wharf.Server.Stop;

/// <summary>
/// Stops the server in order. First it is reported as not ready. Then new calls are refused, clients that wait for the termination are notified, and streams and the sessions of
/// this node end. Then objects are notified and disposed. Last, and some time after the last stream has ended, the port is closed and the silo stops. Sessions on other nodes
/// only lose a gateway, and their clients continue at another one; so do all sessions of a gateway without a silo. Each step has a time limit, so that a handler that does not
/// return cannot block the stop.
/// </summary>
internal sealed partial class OrderlyStop(
    Readiness readiness, GatewayDrain gateway, MembershipLease lease, TimeProvider time, ILogger<OrderlyStop> logger, ISessionDrain? sessions = null,
    IObjectDrain? objects = null)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        readiness.IsReady = true;
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.IsReady = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OrderlyStopTimes.Streams);
        var hadStreams = gateway.HasOpenStreams;
        try
        {
            // The sessions of a node that was declared lost have already ended: its streams end with UNAVAILABLE.
            await gateway.BeginAsync(lease.IsLost ? FrozenSet<string>.Empty : sessions?.SessionsHere ?? FrozenSet<string>.Empty, limit.Token);
        }
        catch (OperationCanceledException)
        {
            LogStreamsLeft();
        }
        var linger = hadStreams ? Task.Delay(OrderlyStopTimes.Linger, time, cancellationToken) : Task.CompletedTask;

        try
        {
            if (sessions is not null)
                await sessions.DrainAsync(cancellationToken).WaitAsync(OrderlyStopTimes.Objects, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            LogSessionsLeft();
        }

        try
        {
            if (objects is not null)
                await objects.DrainAsync(OrderlyStopTimes.Objects, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogObjectsLeft();
        }
        await linger.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "Some streams did not end in time; the stop continues")]
    private partial void LogStreamsLeft();

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "Some sessions did not end in time; the stop continues")]
    private partial void LogSessionsLeft();

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "Some objects did not end in time; the stop continues")]
    private partial void LogObjectsLeft();
}
