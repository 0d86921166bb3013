using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Wharf.Server.Cluster;

/// <summary>
/// Notices at once that the process of another node is gone: its connection ends, and nobody listens on its port any more. Then nobody waits until enough probes stay
/// without an answer. A node that merely does not answer is left to the probes.
/// </summary>
internal sealed partial class LostNodes(IServiceProvider services, GoneNodes gone, TimeProvider time, ILogger<LostNodes> logger)
{
    private const int Knocks = 10;
    private const int Refusals = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestConnection = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KnocksBackWithin = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<SiloAddress, byte> _asked = new();
    private readonly ConcurrentDictionary<SiloAddress, long> _answered = new();

    /// <summary>Takes note that a connection with another node has ended, whichever of the two had opened it.</summary>
    /// <param name="remote">The other end.</param>
    /// <param name="opened">When it was opened, by the clock's timestamp.</param>
    public void ConnectionEnded(EndPoint? remote, long opened)
    {
        if (remote is not IPEndPoint endpoint)
            return;
        var mayBeKnock = time.GetElapsedTime(opened) < ShortestConnection;
        try
        {
            foreach (var silo in OthersAt(endpoint.Address))
                if (!(mayBeKnock && HasJustAnswered(silo)) && _asked.TryAdd(silo, 0))
                    _ = AskAsync(silo);
        }
        catch (ObjectDisposedException)
        {
            // This node is through with stopping.
        }
    }

    // To knock is to open a connection, too. The other node answers it by knocking here, once, and that is where it ends.
    private bool HasJustAnswered(SiloAddress silo) => _answered.TryGetValue(silo, out var answered) && time.GetElapsedTime(answered) < KnocksBackWithin;

    // Who opened a connection to here is known by its address only, since its port says nothing. A node that stops is told by itself, and one that leaves does not judge others.
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

    private async Task AskAsync(SiloAddress silo)
    {
        try
        {
            var refused = 0;
            for (var knock = 0; knock < Knocks && refused < Refusals; knock++)
            {
                if (knock > 0)
                    await Task.Delay(Pause, time).ConfigureAwait(false);
                switch (await KnockAsync(silo.Endpoint).ConfigureAwait(false))
                {
                    case Answer.Refused:
                        refused++;
                        break;
                    case Answer.Dropped:
                        refused = 0;
                        break;
                    default:
                        _answered[silo] = time.GetTimestamp();
                        return;
                }
            }

            if (refused < Refusals)
                return;
            _answered.TryRemove(silo, out _);
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
            _asked.TryRemove(silo, out _);
        }
    }

    // The sockets of a killed process are closed one after the other: while its port is still open a knock is taken in, and then dropped.
    private async Task<Answer> KnockAsync(IPEndPoint endpoint)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await socket.ConnectAsync(endpoint, patience.Token).ConfigureAwait(false);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return Answer.Refused;
        }
        catch (SocketException dropped) when (dropped.SocketErrorCode == SocketError.ConnectionReset)
        {
            return Answer.Dropped;
        }
        catch (Exception unknown) when (unknown is SocketException or OperationCanceledException)
        {
            return Answer.Open;
        }

        try
        {
            // A node waits for the other to speak first.
            patience.CancelAfter(Pause);
            return await socket.ReceiveAsync(new byte[1], patience.Token).ConfigureAwait(false) == 0 ? Answer.Dropped : Answer.Open;
        }
        catch (SocketException)
        {
            return Answer.Dropped;
        }
        catch (OperationCanceledException)
        {
            return Answer.Open;
        }
    }

    private enum Answer
    {
        Refused,
        Dropped,
        Open,
    }

    [LoggerMessage(EventId = 5101, Level = LogLevel.Warning, Message = "The process of the node {Silo} is gone")]
    private partial void LogLost(SiloAddress silo);

    [LoggerMessage(EventId = 5102, Level = LogLevel.Warning, Message = "Whether the node {Silo} is gone could not be told")]
    private partial void LogNotDeclared(Exception exception, SiloAddress silo);
}

/// <summary>Watches the connections to other nodes.</summary>
internal static class LostNodesHosting
{
    public static void AddLostNodes(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<GoneNodes>();
        silo.Services.AddSingleton<LostNodes>();
        silo.Configure<SiloConnectionOptions>(static connections =>
        {
            connections.ConfigureSiloOutboundConnection(Watch);
            connections.ConfigureSiloInboundConnection(Watch);
        });
    }

    private static void Watch(IConnectionBuilder connections)
    {
        var lost = connections.ApplicationServices.GetRequiredService<LostNodes>();
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
