using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.TestingHost;
using Wharf.Grains;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Grains.Sessions;
using Wharf.Grains.Streams;
using Wharf.Grains.Tables;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;
using Wharf.Tables;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Objects that reach each other through their grains, on two silos.</summary>
public sealed class Conversations(Conversations.Cluster cluster) : IClassFixture<Conversations.Cluster>
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    public async Task A_plugin_talks_to_an_object_wherever_it_lives(int here, int there)
    {
        var target = cluster.HoldOn(there, new Probe());
        var replies = new List<string>();
        var asker = new Probe
        {
            OnMessage = async (stream, message, token) =>
            {
                await using var connection = await ((IObjectReference)message.References[0]).ConnectAsync(token);
                replies.Add(Text(await connection.ReceiveAsync(token)));
                for (var n = 0; n < 3; n++)
                {
                    await connection.SendAsync(Encoding.UTF8.GetBytes("question " + n), [], token);
                    replies.Add(Text(await connection.ReceiveAsync(token)));
                }

                stream.Send("done"u8.ToArray());
            },
        };

        var output = await cluster.AskAsync(here, asker, target.Reference);

        Assert.Equal("done", Encoding.UTF8.GetString(output.Parts[^1].Bytes.Span));
        Assert.Equal(["", "question 0", "question 1", "question 2"], replies);
    }

    [Fact]
    public async Task A_long_message_reaches_an_object_of_another_node_whole()
    {
        var bytes = new byte[3_000_000];
        Random.Shared.NextBytes(bytes);
        var target = cluster.HoldOn(1, new Probe());
        var asker = new Probe
        {
            OnMessage = async (stream, message, token) =>
            {
                await using var connection = await ((IObjectReference)message.References[0]).ConnectAsync(token);
                await connection.ReceiveAsync(token);
                await connection.SendAsync(bytes, [], token);
                var back = await connection.ReceiveAsync(token);
                stream.Send(back!.Payload.Span.SequenceEqual(bytes) ? "same"u8.ToArray() : "other"u8.ToArray());
            },
        };

        var output = await cluster.AskAsync(0, asker, target.Reference);

        Assert.Equal("same", Encoding.UTF8.GetString(output.Parts[^1].Bytes.Span));
    }

    [Fact]
    public async Task Two_objects_that_wait_for_each_other_end_in_FAILED_PRECONDITION()
    {
        var two = new Probe { OnConnect = static (_, _) => ValueTask.CompletedTask };
        var one = new Probe { OnConnect = static (_, _) => ValueTask.CompletedTask };
        var holdTwo = cluster.HoldOn(1, two);
        var holdOne = cluster.HoldOn(0, one);
        IServerObject? keptOne = null;
        two.OnMessage = async (stream, message, token) =>
        {
            if (message.References.Count > 0)
            {
                keptOne = await message.References[0].KeepAsync(token);
                return;
            }

            await using var back = await ((IObjectReference)keptOne!).ConnectAsync(token);
            await back.SendAsync("you?"u8.ToArray(), [], token);
            await back.ReceiveAsync(token);
        };
        one.OnMessage = async (stream, message, token) =>
        {
            await using var connection = await ((IObjectReference)message.References[0]).ConnectAsync(token);
            await connection.SendAsync("you first"u8.ToArray(), [], token);
            await connection.ReceiveAsync(token);
        };
        await cluster.AskAsync(1, two, holdOne.Reference);

        var output = await cluster.AskAsync(0, one, holdTwo.Reference, patience: TimeSpan.FromSeconds(25));

        Assert.Equal(FaultCode.FailedPrecondition, output.End!.Fault!.Code);
        Assert.Contains("wait for each other", output.End.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_to_an_object_that_is_gone_fails_with_DATA_LOSS()
    {
        var hold = cluster.HoldOn(1, new Probe());
        hold.Release();

        var gone = await Assert.ThrowsAsync<FaultException>(
            () => cluster.Client.GetGrain<IPluginObjectGrain>(hold.Reference.ObjectId).HoldAsync("call/1", hold.Reference.Epoch, null));

        Assert.Equal(FaultCode.DataLoss, gone.Fault.Code);
    }

    [Fact]
    public async Task An_object_has_one_activation_on_the_silo_that_its_id_names()
    {
        var hold = cluster.HoldOn(1, new Probe());
        var grain = cluster.Client.GetGrain<IPluginObjectGrain>(hold.Reference.ObjectId);

        var first = await grain.DescribeAsync();
        var second = await grain.DescribeAsync();

        Assert.Equal(hold.Reference, first.Reference);
        Assert.Equal(first.ActivationId, second.ActivationId);
        Assert.True(ObjectId.TryParse(hold.Reference.ObjectId, out var id));
        Assert.Equal(cluster.Silo(1), id.Silo);
    }

    [Fact]
    public async Task A_stream_of_its_own_answers_with_what_a_quick_handler_said_and_one_that_blocks_keeps_nothing_else()
    {
        using var blocked = new ManualResetEventSlim();
        var probe = new Probe
        {
            OnMessage = (stream, message, _) =>
            {
                stream.Send(message.Payload);
                if (Text(message) == "block")
                    blocked.Wait(CancellationToken.None);
                return ValueTask.CompletedTask;
            },
        };
        var hold = cluster.HoldOn(0, probe);
        var (objectId, epoch) = (hold.Reference.ObjectId, hold.Reference.Epoch);
        var grain = cluster.Client.GetGrain<IPluginObjectGrain>(objectId);
        await grain.ConnectAsync(new StreamConnect("s", "Probe", epoch, new CallerIdentity("alice", "s", "Basic"))).WaitAsync(Limits.Test);
        var own = cluster.Client.GetGrain<IStreamGrain>($"{objectId}|s");

        var quick = await own.SendAsync(Batch(0, "quick", 1)).AsTask().WaitAsync(Limits.Test);
        Assert.Equal((1L, "quick"), (quick.Handled, Encoding.UTF8.GetString(quick.Parts[^1].Bytes.Span)));

        var sending = own.SendAsync(Batch(1, "block", quick.Next)).AsTask();
        // The batch may arrive after the pull, which it completes.
        StreamOutput beside;
        do
            beside = await grain.PullAsync(new StreamPull("s", epoch, quick.Next)).WaitAsync(Limits.Test);
        while (beside.Parts.IsEmpty);
        Assert.Equal("block", Encoding.UTF8.GetString(beside.Parts[^1].Bytes.Span));
        Assert.False(sending.IsCompleted);

        // The same batch once more, where nobody waits for the handler.
        var again = grain.SendAsync(Batch(1, "block", beside.Next));
        blocked.Set();
        Assert.Equal(2, (await again.WaitAsync(Limits.Test)).Handled);
        await sending.WaitAsync(Limits.Test);
        Assert.Equal(["quick", "block"], probe.Seen);

        await grain.DisconnectAsync("s", StreamEndReason.ClientClosed).WaitAsync(Limits.Test);
        Assert.NotNull((await own.SendAsync(Batch(2, "late", beside.Next)).AsTask().WaitAsync(Limits.Test)).End);
        hold.Release();

        StreamBatch Batch(long first, string text, long acknowledged) =>
            new("s", epoch, first, [new StreamPart(Encoding.UTF8.GetBytes(text), [], true)], false, acknowledged);
    }

    [Fact]
    public async Task A_stream_that_is_not_there_answers_DATA_LOSS()
    {
        var hold = cluster.HoldOn(0, new Probe());
        var batch = new StreamBatch("nobody", hold.Reference.Epoch, 0, [], false, 0);
        foreach (var key in (string[])[$"{hold.Reference.ObjectId}|nobody", $"{hold.Reference.ObjectId}9|nobody"])
        {
            var lost = await Assert.ThrowsAsync<FaultException>(() => cluster.Client.GetGrain<IStreamGrain>(key).SendAsync(batch).AsTask().WaitAsync(Limits.Test));
            Assert.Equal(FaultCode.DataLoss, lost.Fault.Code);
        }

        hold.Release();
    }

    [Fact]
    public async Task A_factory_makes_an_object_held_by_its_field_and_refuses_what_cannot_be_made()
    {
        var missing = await Assert.ThrowsAsync<FaultException>(
            () => cluster.Client.GetGrain<IObjectFactoryGrain>("Nope").CreateAsync("field/scope/x", new Dictionary<string, string?>()));
        var refused = await Assert.ThrowsAsync<FaultException>(
            () => cluster.Client.GetGrain<IObjectFactoryGrain>("Probe").CreateAsync("field/scope/x", new Dictionary<string, string?>()));

        Assert.Equal(FaultCode.NotFound, missing.Fault.Code);
        Assert.Contains("cannot be created from configuration", refused.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_are_made_and_run_on_where_they_are()
    {
        var probe = new Probe();
        long size = 0;
        string[] names = [];
        probe.OnMessage = async (stream, _, token) =>
        {
            var live = cluster.Find(1, probe);
            var empty = await live.Context.Tables.EmptyAsync(10, token);
            var data = "Hello server!";
            var result = await empty.UpdateAsync(["X = i", "Client = data"], new { data }, token);
            size = result.Size;
            names = [.. result.Schema.FieldsList.Select(static field => field.Name)];
            stream.Send(default, [result, empty]);
        };

        var output = await cluster.AskAsync(1, probe);
        var table = output.Parts[^1].References[0];
        var summary = await cluster.Client.GetGrain<ITableGrain>(table.ObjectId).SummarizeAsync();

        Assert.Equal(ObjectKind.Table, table.Kind);
        Assert.Equal((10, 10), (size, summary.Size));
        Assert.Equal(["X", "Client"], names);
    }

    [Fact]
    public async Task A_formula_that_is_wrong_reaches_the_plugin_with_its_message()
    {
        PluginException? wrong = null;
        var probe = new Probe();
        probe.OnMessage = async (_, _, token) =>
        {
            var empty = await cluster.Find(0, probe).Context.Tables.EmptyAsync(1, token);
            wrong = await Assert.ThrowsAsync<PluginException>(() => empty.UpdateAsync(["X = nosuch + 1"], cancellationToken: token).AsTask());
        };

        await cluster.AskAsync(0, probe);

        Assert.Equal(PluginStatus.InvalidArgument, wrong!.Status);
        Assert.Contains("nosuch", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_asked_for_twice_runs_once_and_a_cancelled_run_leaves_nothing()
    {
        var maker = cluster.Client.GetGrain<ITableMakerGrain>("any");
        var run = new TableOperationRequest("run-1", new PortableOperation(new EmptyTable(3)), [], "call/t");

        var once = await maker.RunAsync(run);
        var again = await maker.RunAsync(run);
        await maker.CancelRunAsync(run.RunId);

        Assert.Equal(once.Result, again.Result);
        var gone = await Assert.ThrowsAsync<FaultException>(() => cluster.Client.GetGrain<ITableGrain>(once.Result!.ObjectId).SummarizeAsync());
        Assert.Equal(FaultCode.DataLoss, gone.Fault.Code);
    }

    [Fact]
    public async Task A_node_lets_go_of_its_tables_for_others()
    {
        var maker = cluster.Client.GetGrain<ITableMakerGrain>("any");
        var made = await Task.WhenAll(
            maker.RunAsync(new TableOperationRequest("run-2", new PortableOperation(new EmptyTable(3)), [], "call/a")).AsTask(),
            maker.RunAsync(new TableOperationRequest("run-3", new PortableOperation(new EmptyTable(3)), [], "call/a")).AsTask());
        var (ended, held) = (made[0].Result!.ObjectId, made[1].Result!.ObjectId);
        var node = cluster.Client.GetGrain<INodeGrain>(NodeGrains.FindNameOf(ended)!);
        await cluster.Client.GetGrain<ITableGrain>(ended).SummarizeAsync();

        await node.LetGoOfTablesAsync([new TableHold(ended, "call/a"), new TableHold(held, "call/b"), new TableHold("no such table", "call/a")]);

        var gone = await Assert.ThrowsAsync<FaultException>(() => cluster.Client.GetGrain<ITableGrain>(ended).SummarizeAsync());
        Assert.Equal(FaultCode.DataLoss, gone.Fault.Code);
        Assert.Equal(["call/a"], (await cluster.Client.GetGrain<ITableGrain>(held).DescribeAsync()).Holders);
        await node.LetGoOfTablesAsync([new TableHold(held, "call/a")]);
    }

    [Fact]
    public async Task A_node_that_is_gone_has_no_tables_to_let_go_of()
    {
        var node = cluster.Client.GetGrain<INodeGrain>(NodeGrains.FindNameOf("127.0.0.1:1@1!2!3")!);
        var gone = await Assert.ThrowsAsync<FaultException>(() => node.LetGoOfTablesAsync([new TableHold("127.0.0.1:1@1!2!3", "call/a")]));
        Assert.Equal(FaultCode.DataLoss, gone.Fault.Code);
    }

    private static string Text(ReceivedMessage? message) => Encoding.UTF8.GetString(message!.Payload.Span);

    public sealed class Cluster : IAsyncLifetime
    {
        private readonly InProcessTestCluster _cluster;

        public Cluster()
        {
            var builder = new InProcessTestClusterBuilder(2);
            builder.ConfigureSilo(static (_, silo) => Configure(silo));
            _cluster = builder.Build();
        }

        public IClusterClient Client => _cluster.Client;

        public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

        public ValueTask DisposeAsync() => _cluster.DisposeAsync();

        /// <summary>Makes a silo one that runs the test's plugin.</summary>
        internal static void Configure(ISiloBuilder silo)
        {
            var configuration = new ConfigurationBuilder().Build();
            silo.Services.AddPlugins(configuration);
            silo.Services.AddSingleton(static provider => new ObjectTypeRegistry(
                [new PluginLoader(NullLogger<PluginLoader>.Instance).Load("test", new TestPlugin())],
                provider.GetRequiredService<IOptions<PluginsOptions>>().Value,
                provider));
            silo.Services.Configure<PluginsOptions>(static options => options.Folder = AppContext.BaseDirectory);
            silo.AddWharfObjects();
            silo.AddWharfSessions();
            // The grains of this assembly are doubles for other tests.
            silo.Services.PostConfigure<GrainTypeOptions>(static options => options.Classes.RemoveWhere(static grain => grain.Assembly == typeof(Cluster).Assembly));
        }

        internal Orleans.Runtime.SiloAddress Silo(int silo) => _cluster.Silos[silo].SiloAddress;

        internal ObjectHold HoldOn(int silo, object instance)
        {
            var node = Node(silo);
            return node.Live.HoldInstance(instance, node);
        }

        internal LiveObject Find(int silo, object instance)
        {
            var hold = HoldOn(silo, instance);
            var live = Node(silo).Live.Find(hold.Reference.ObjectId)!;
            hold.Release();
            return live;
        }

        /// <summary>Sends one message to an object and returns what came when it was handled, or the stream's end.</summary>
        internal async Task<StreamOutput> AskAsync(int silo, Probe probe, ObjectReference? reference = null, TimeSpan? patience = null)
        {
            var limit = patience ?? Limits.Test;
            var hold = HoldOn(silo, probe);
            var grain = Client.GetGrain<IPluginObjectGrain>(hold.Reference.ObjectId);
            var id = Guid.NewGuid().ToString("N");
            var epoch = hold.Reference.Epoch;
            await grain.ConnectAsync(new StreamConnect(id, "Probe", epoch, new CallerIdentity("alice", "s", "Basic"))).WaitAsync(limit);
            ImmutableArray<ObjectReference> references = reference is null ? [] : [reference];
            if (reference is not null)
                await Client.GetGrain<IPluginObjectGrain>(reference.ObjectId).HoldAsync(Holder.OfInput(id, 0), reference.Epoch, GrainLimits.CallLease);
            var output = await grain.SendAsync(new StreamBatch(id, epoch, 0, [new StreamPart("go"u8.ToArray(), references, true)], false, 0)).WaitAsync(limit);
            while (output.Handled < 1 && output.End is null)
                output = await grain.PullAsync(new StreamPull(id, epoch, 0)).WaitAsync(limit);
            return output;
        }

        internal NodeObjects Node(int silo) => ((InProcessSiloHandle)_cluster.Silos[silo]).SiloHost.Services.GetRequiredService<NodeObjects>();
    }
}
