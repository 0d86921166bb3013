using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Wharf.Server.Cluster;

/// <summary>
/// Detects at once that the process of another node has ended: its connection is closed, and its port refuses connections. The node is then declared lost without waiting for
/// missed probes. A node that only does not answer is left to the probes.
/// </summary>
internal sealed partial class LostNodeDetector(IServiceProvider services, EndedProcesses gone, TimeProvider time, ILogger<LostNodeDetector> logger)
{
    private const int Attempts = 10;
    private const int RefusalsUntilLost = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestConnection = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CounterProbeLimit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<SiloAddress, byte> _checked = new();
    private readonly ConcurrentDictionary<SiloAddress, long> _openSince = new();

    /// <summary>Handles the end of a connection with another node, in either direction.</summary>
    /// <param name="remote">The other end.</param>
    /// <param name="opened">The timestamp at which it was opened.</param>
    public void ConnectionEnded(EndPoint? remote, long opened)
    {
        if (remote is not IPEndPoint endpoint)
            return;
        var mayBeProbe = time.GetElapsedTime(opened) < ShortestConnection;
        try
        {
            foreach (var silo in OthersAt(endpoint.Address))
                if (!(mayBeProbe && WasJustOpen(silo)) && _checked.TryAdd(silo, 0))
                    _ = CheckAsync(silo);
        }
        catch (ObjectDisposedException)
        {
            // This node has stopped.
        }
    }

    // A check opens a connection as well, whose end the other node answers with a check of this node. This one is not answered again.
    private bool WasJustOpen(SiloAddress silo) => _openSince.TryGetValue(silo, out var answered) && time.GetElapsedTime(answered) < CounterProbeLimit;

    // The opener of a connection is identified by its address only, because its port is ephemeral. A node that is stopping does not check others.
    private List<SiloAddress> OthersAt(IPAddress address)
    {
        var local = services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        var members = services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members;
        return members.TryGetValue(local, out var self) && self.Status == SiloStatus.Active
            ? [.. members.Values
                .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(local) && IsSame(member.SiloAddress.Endpoint.Address, address))
                .Select(static member => member.SiloAddress)]
            : [];
    }

    private static bool IsSame(IPAddress one, IPAddress other) => one.MapToIPv6().Equals(other.MapToIPv6());

    private async Task CheckAsync(SiloAddress silo)
    {
        try
        {
            var refused = 0;
            for (var attempt = 0; attempt < Attempts && refused < RefusalsUntilLost; attempt++)
            {
                if (attempt > 0)
                    await Task.Delay(Pause, time).ConfigureAwait(false);
                switch (await ProbeAsync(silo.Endpoint).ConfigureAwait(false))
                {
                    case ProbeResult.Refused:
                        refused++;
                        break;
                    case ProbeResult.Dropped:
                        refused = 0;
                        break;
                    default:
                        _openSince[silo] = time.GetTimestamp();
                        return;
                }
            }

            if (refused < RefusalsUntilLost)
                return;
            _openSince.TryRemove(silo, out _);
            LogLost(silo);
            gone.Add(silo);
            await services.GetRequiredService<IClusterMembershipService>().TryKill(silo).ConfigureAwait(false);
        }
        catch (Exception failed)
        {
            LogNotDeclared(failed, silo);
        }
        finally
        {
            _checked.TryRemove(silo, out _);
        }
    }

    // The sockets of a killed process are closed one after the other: while its port is still open, a connection is accepted and then reset.
    private async Task<ProbeResult> ProbeAsync(IPEndPoint endpoint)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var limit = new CancellationTokenSource(AttemptLimit, time);
        try
        {
            await socket.ConnectAsync(endpoint, limit.Token).ConfigureAwait(false);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return ProbeResult.Refused;
        }
        catch (SocketException dropped) when (dropped.SocketErrorCode == SocketError.ConnectionReset)
        {
            return ProbeResult.Dropped;
        }
        catch (Exception unknown) when (unknown is SocketException or OperationCanceledException)
        {
            return ProbeResult.Open;
        }

        try
        {
            // A running node sends nothing before it has received data.
            limit.CancelAfter(Pause);
            return await socket.ReceiveAsync(new byte[1], limit.Token).ConfigureAwait(false) == 0 ? ProbeResult.Dropped : ProbeResult.Open;
        }
        catch (SocketException)
        {
            return ProbeResult.Dropped;
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Open;
        }
    }

    private enum ProbeResult
    {
        Refused,
        Dropped,
        Open,
    }

    [LoggerMessage(EventId = 5101, Level = LogLevel.Warning, Message = "The process of the node {Silo} has ended; declaring the node lost")]
    private partial void LogLost(SiloAddress silo);

    [LoggerMessage(EventId = 5102, Level = LogLevel.Warning, Message = "Failed to determine whether the node {Silo} has ended; missed probes will show it")]
    private partial void LogNotDeclared(Exception exception, SiloAddress silo);
}

/// <summary>Adds the detection to the connections between nodes.</summary>
internal static class LostNodeDetectorHosting
{
    public static void AddLostNodeDetector(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<EndedProcesses>();
        silo.Services.AddSingleton<LostNodeDetector>();
        silo.Configure<SiloConnectionOptions>(static connections =>
        {
            connections.ConfigureSiloOutboundConnection(Watch);
            connections.ConfigureSiloInboundConnection(Watch);
        });
    }

    private static void Watch(IConnectionBuilder connections)
    {
        var lost = connections.ApplicationServices.GetRequiredService<LostNodeDetector>();
        var time = connections.ApplicationServices.GetRequiredService<TimeProvider>();
        connections.Use(next => async context =>
        {
            var opened = time.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                lost.ConnectionEnded(context.RemoteEndPoint, opened);
            }
        });
    }
}
