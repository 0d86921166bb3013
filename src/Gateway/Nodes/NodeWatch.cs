using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Nodes;

/// <summary>
/// Updates <see cref="LiveNodes"/> for a gateway without a silo. One long poll is always pending. Every few seconds it changes to another node, so that an unresponsive node cannot delay
/// updates.
/// </summary>
public sealed partial class NodeWatch : BackgroundService
{
    private const int Routes = 16;
    private static readonly TimeSpan PollTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly IGrainFactory _grains;
    private readonly LiveNodes _nodes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private IReadOnlyList<SiloAddress>? _logged;
    private volatile CancellationTokenSource? _poll;

    internal NodeWatch(IGrainFactory grains, LiveNodes nodes, TimeProvider time, ILogger<NodeWatch> logger)
    {
        _grains = grains;
        _nodes = nodes;
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether the cluster answers.</summary>
    public bool IsConnected => _nodes.IsConnected;

    /// <summary>Cancels the pending poll and polls another node immediately. Call it when a connection closes: the polled node may be lost.</summary>
    public void PollNow()
    {
        try
        {
            _poll?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The poll has completed.
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        for (var route = 0; !stoppingToken.IsCancellationRequested; route = (route + 1) % Routes)
        {
            using var timeout = new CancellationTokenSource(PollTime, _time);
            using var poll = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
            _poll = poll;
            try
            {
                // Orleans routes calls to different grains through different nodes.
                _nodes.Accept(await _grains.GetGrain<INodesGrain>(route).WatchAsync(failures == 0 ? _nodes.Version : 0, poll.Token).WaitAsync(poll.Token));
                LogChanges();
                if (failures > 1)
                    LogConnected();
                failures = 0;
            }
            catch (OperationCanceledException) when (poll.IsCancellationRequested)
            {
                // No change within the poll time, or PollNow was called.
            }
            catch (Exception failed)
            {
                // A single failure is ignored: the polled node may just have been lost.
                if (++failures == 2)
                {
                    _nodes.Disconnect();
                    LogDisconnected(failed);
                }

                await Task.Delay(RetryDelay, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                _poll = null;
            }
        }
    }

    private void LogChanges()
    {
        var active = _nodes.Active;
        if (_logged is not { } before)
            LogMembers(active.Count, string.Join(", ", active.Select(static silo => silo.Endpoint.ToString()).Order(StringComparer.Ordinal)));
        else
        {
            foreach (var silo in active.Except(before))
                LogJoined(silo, active.Count);
            foreach (var silo in before.Except(active))
                LogGone(silo, active.Count);
        }

        _logged = active;
    }

    [LoggerMessage(EventId = 3403, Level = LogLevel.Information, Message = "This gateway serves a cluster of {Active} silos: {Silos}")]
    private partial void LogMembers(int active, string silos);

    [LoggerMessage(EventId = 3404, Level = LogLevel.Information, Message = "The silo {Silo} has joined the cluster; {Active} silos are active")]
    private partial void LogJoined(SiloAddress silo, int active);

    [LoggerMessage(EventId = 3405, Level = LogLevel.Information, Message = "The silo {Silo} has left the cluster or is lost; {Active} silos are active")]
    private partial void LogGone(SiloAddress silo, int active);

    [LoggerMessage(EventId = 3401, Level = LogLevel.Warning, Message = "No silo of the cluster answers; retrying")]
    private partial void LogDisconnected(Exception exception);

    [LoggerMessage(EventId = 3402, Level = LogLevel.Information, Message = "The cluster answers again")]
    private partial void LogConnected();
}
