using System.Globalization;
using System.Text;
using Grpc.Core;
using Wharf.Client;
using Wharf.Protocol;

namespace Wharf.Packaging.Tests;

/// <summary>A session on one node and the named object, seen from every node.</summary>
internal static class SameObject
{
    /// <summary>Counts on the first node and looks for the count on all of them.</summary>
    public static async Task OnAllAsync(string key, IReadOnlyList<Uri> nodes, CancellationToken cancellationToken)
    {
        await using var first = await Session.ConnectAsync(nodes[0], Credentials.PreSharedKey(key), cancellationToken: cancellationToken);
        await using var counter = await PluginClient.ConnectAsync(first, new TypedTicket(new ScopeTicket("counter"), "Counter"), cancellationToken);
        var count = await ReadAsync(counter, cancellationToken);
        foreach (var node in nodes)
        {
            await using var session = await Session.ConnectAsync(node, Credentials.PreSharedKey(key), cancellationToken: cancellationToken);
            await using var same = await PluginClient.ConnectAsync(session, new TypedTicket(new ScopeTicket("counter"), "Counter"), cancellationToken);
            Assert.Equal(count, await ReadAsync(same, cancellationToken));
            await same.SendAsync("5"u8.ToArray(), cancellationToken: cancellationToken);
            count += 5;
            Assert.Equal(count, await ReadAsync(same, cancellationToken));
            Assert.Equal(count, await ReadAsync(counter, cancellationToken));
        }
    }

    /// <summary>The same on nodes of which one has just gone: until the others have settled they answer that they cannot.</summary>
    public static async Task OnAllOnceSettledAsync(string key, IReadOnlyList<Uri> nodes, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await OnAllAsync(key, nodes, patience.Token);
                return;
            }
            catch (RpcException unsettled) when (unsettled.StatusCode == Grpc.Core.StatusCode.Unavailable)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), patience.Token);
            }
        }
    }

    private static async Task<long> ReadAsync(PluginClient counter, CancellationToken cancellationToken) =>
        long.Parse(Encoding.UTF8.GetString((await counter.ReadAsync(cancellationToken))!.Payload.Span), CultureInfo.InvariantCulture);
}
