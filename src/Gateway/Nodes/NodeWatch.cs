using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Wharf.Grains.Nodes;

namespace Wharf.Gateway.Nodes;

/// <summary>
/// Keeps <see cref="LiveNodes"/> up to date for a gateway without a silo: one question is always open, to another node every few seconds, so that none that is silent can keep
/// the news back.
/// </summary>
public sealed partial class NodeWatch : BackgroundService
{
    private const int Ways = 16;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly IGrainFactory _grains;
    private readonly LiveNodes _nodes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private IReadOnlyList<SiloAddress>? _logged;
    private volatile CancellationTokenSource? _asking;

    internal NodeWatch(IGrainFactory grains, LiveNodes nodes, TimeProvider time, ILogger<NodeWatch> logger)
    {
        _grains = grains;
        _nodes = nodes;
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether the cluster answers.</summary>
    public bool IsConnected => _nodes.IsConnected;

    /// <summary>Asks again at once, and somebody else: a connection has ended, and the one who was asked may be at its other end.</summary>
    public void AskAgain()
    {
        try
        {
            _asking?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was answered meanwhile.
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        for (var way = 0; !stoppingToken.IsCancellationRequested; way = (way + 1) % Ways)
        {
            using var turn = new CancellationTokenSource(Turn, _time);
            using var asking = CancellationTokenSource.CreateLinkedTokenSource(turn.Token, stoppingToken);
            _asking = asking;
            try
            {
                // Orleans sends calls to different grains by different nodes.
                _nodes.Accept(await _grains.GetGrain<INodesGrain>(way).WatchAsync(failures == 0 ? _nodes.Version : 0, asking.Token).WaitAsync(asking.Token));
                LogChanges();
                if (failures > 1)
                    LogConnected();
                failures = 0;
            }
            catch (OperationCanceledException) when (asking.IsCancellationRequested)
            {
                // No news, or somebody knows more.
            }
            catch (Exception failed)
            {
                // Of several nodes one may just have gone.
                if (++failures == 2)
                {
                    _nodes.Disconnect();
                    LogDisconnected(failed);
                }

                await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                _asking = null;
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

    [LoggerMessage(EventId = 3401, Level = LogLevel.Warning, Message = "No silo of the cluster answers")]
    private partial void LogDisconnected(Exception exception);

    [LoggerMessage(EventId = 3402, Level = LogLevel.Information, Message = "The cluster answers again")]
    private partial void LogConnected();
}
