using Apache.Arrow;
using Apache.Arrow.Types;
using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests;

/// <summary>What a cluster is for, once over: for clusters that are put together in other ways than that of <see cref="TwoNodes"/>.</summary>
internal static class CoreScenario
{
    /// <summary>A name is one object on both nodes; what is published on one is had on the other, its bytes included; it goes with its publisher.</summary>
    public static Task RunAsync(ServerProcess a, ServerProcess b, CancellationToken cancellationToken) =>
        RunAsync(() => a.LoginAsync(cancellationToken), () => b.LoginAsync(cancellationToken), cancellationToken);

    /// <summary>The same for clients that log in in a way of their own.</summary>
    public static async Task RunAsync(Func<Task<Session>> loginOnA, Func<Task<Session>> loginOnB, CancellationToken cancellationToken)
    {
        await using var onB = await loginOnB();
        var onA = await loginOnA();
        await using var there = await PluginClient.ConnectAsync(onA, ClusterCalls.Scope("counter", "Counter"), cancellationToken);
        await using var here = await PluginClient.ConnectAsync(onB, ClusterCalls.Scope("counter", "Counter"), cancellationToken);
        var start = await there.CountAsync(cancellationToken);
        Assert.Equal(start, await here.CountAsync(cancellationToken));
        await here.SayAsync("7", cancellationToken);
        Assert.Equal((start + 7, start + 7), (await here.CountAsync(cancellationToken), await there.CountAsync(cancellationToken)));

        var numbers = Enumerable.Range(0, 100_000).Select(static n => (long)n).ToArray();
        var schema = new Schema.Builder().Field(static field => field.Name("X").DataType(Int64Type.Default).Nullable(true)).Build();
        var table = await onA.ImportAsync(schema, [new RecordBatch(schema, [new Int64Array.Builder().AppendRange(numbers).Build()], numbers.Length)], cancellationToken);
        var shared = await onA.PublishAsync(table.Ticket, cancellationToken);
        Assert.Equal(numbers, await (await onB.OpenTableAsync(shared, cancellationToken)).NumbersAsync(cancellationToken));

        // More than any buffer between two nodes holds.
        var payload = new byte[8 * 1024 * 1024];
        Random.Shared.NextBytes(payload);
        foreach (var session in new[] { onA, onB })
        {
            await using var echo = await session.OpenAsync(ClusterCalls.Scope("echo", "Echo"), cancellationToken);
            await echo.SendAsync(payload, cancellationToken: cancellationToken);
            Assert.True((await echo.ReadAsync(cancellationToken))!.Payload.Span.SequenceEqual(payload));
        }

        await onA.CloseAsync(cancellationToken);
        Assert.Equal(StatusCode.NotFound, await ClusterCalls.FailureAsync(() => onB.ExportFromTicketAsync(shared, cancellationToken)));
    }

    /// <summary>A node that has lost the others makes again what was named, and serves as before.</summary>
    public static async Task SurviveAsync(ServerProcess node, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var session = await node.LoginAsync(cancellationToken);
                await using var counter = await PluginClient.ConnectAsync(session, ClusterCalls.Scope("counter", "Counter"), cancellationToken);
                var start = await counter.CountAsync(cancellationToken);
                await counter.SayAsync("3", cancellationToken);
                Assert.Equal(start + 3, await counter.CountAsync(cancellationToken));
                return;
            }
            catch (RpcException unsettled) when (unsettled.StatusCode == StatusCode.Unavailable)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
            }
        }
    }
}
