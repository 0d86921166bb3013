using System.Collections.Frozen;
using Wharf.Gateway.Drain;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Server.Health;

namespace Wharf.Server.Stop;

/// <summary>
/// The order in which the server stops: not ready; new calls are refused, whoever waits for the server's end is told, streams end, and so do
/// the sessions of this node; objects are told and disposed; only then, and not right behind the last stream's end, the port closes and the silo goes. Sessions that live on another
/// node only lose a gateway: their clients go on at the next. So it is with all sessions of a gateway without a silo. Each step has its time, because
/// a handler that does not return must not keep the process.
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
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(OrderlyStopTimes.Streams);
        var hadStreams = gateway.HasOpenStreams;
        try
        {
            // Sessions of a node that was declared lost have ended without an order: its streams end with UNAVAILABLE.
            await gateway.BeginAsync(lease.IsLost ? FrozenSet<string>.Empty : sessions?.SessionsHere ?? FrozenSet<string>.Empty, patience.Token);
        }
        catch (OperationCanceledException)
        {
            LogStreamsLeft();
        }
        var farewell = hadStreams ? Task.Delay(OrderlyStopTimes.Farewell, time, cancellationToken) : Task.CompletedTask;

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
        await farewell.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "The server stops with streams that did not end in time")]
    private partial void LogStreamsLeft();

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "The server stops with sessions that did not end in time")]
    private partial void LogSessionsLeft();

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "The server stops with objects that did not end in time")]
    private partial void LogObjectsLeft();
}
