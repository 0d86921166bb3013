using System.Globalization;
using System.Text;
using Apache.Arrow;
using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;
using Table = Wharf.Client.Table;

namespace Wharf.Cluster.Tests;

/// <summary>The calls of the clients in the scenarios.</summary>
internal static class ClusterCalls
{
    public static Task<Session> LoginAsync(this ServerProcess server, CancellationToken cancellationToken) =>
        Session.ConnectAsync(server.Address, Credentials.PreSharedKey(ServerProcess.Psk), cancellationToken: cancellationToken);

    public static TypedTicket Scope(string name, string type) => new(new ScopeTicket(name), type);

    public static async Task SayAsync(this PluginClient client, string text, CancellationToken cancellationToken) =>
        await client.SendAsync(Encoding.UTF8.GetBytes(text), cancellationToken: cancellationToken);

    public static async Task<string> HearAsync(this PluginClient client, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString((await client.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("the stream has ended")).Payload.Span);

    public static async Task<long> CountAsync(this PluginClient client, CancellationToken cancellationToken) =>
        long.Parse(await client.HearAsync(cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Opens an object and hears its greeting.</summary>
    public static async Task<PluginClient> OpenAsync(this Session session, TypedTicket source, CancellationToken cancellationToken)
    {
        var client = await PluginClient.ConnectAsync(session, source, cancellationToken);
        await client.HearAsync(cancellationToken);
        return client;
    }

    public static async Task<long[]> NumbersAsync(this Table table, CancellationToken cancellationToken) =>
        [.. (await table.ToArrowAsync(cancellationToken)).SelectMany(static batch => ((Int64Array)batch.Column(0)).Values.ToArray())];

    /// <summary>How a call ends that cannot go well.</summary>
    public static async Task<StatusCode> FailureAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<RpcException>(call)).StatusCode;
}
