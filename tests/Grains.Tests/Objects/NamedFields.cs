using System.Text;
using Wharf.Grains.Fields;
using Wharf.Grains.Objects;
using Wharf.Plugins;

namespace Wharf.Grains.Tests.Objects;

/// <summary>Tests that plugin code finds the named fields of the cluster.</summary>
public sealed class NamedFields(Conversations.Cluster cluster) : IClassFixture<Conversations.Cluster>
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_name_is_found_as_a_kept_handle_wherever_its_object_lives(int silo)
    {
        var name = "found-" + silo;
        var publisher = Live(silo);
        var target = new Probe();
        await publisher.Context.Fields.SetAsync(name, target);

        var finder = Live(0);
        var handle = Assert.IsType<IObjectReference>(await finder.Context.Fields.FindAsync(name), exactMatch: false);
        Assert.Equal("Probe", handle.Type);

        // A kept handle holds the object after its name is removed.
        Assert.True(await publisher.Context.Fields.RemoveAsync(name));
        Assert.Null(await finder.Context.Fields.FindAsync(name));
        await using (var connection = await handle.ConnectAsync())
        {
            await connection.ReceiveAsync();
            await connection.SendAsync("still there"u8.ToArray(), []);
            Assert.Equal("still there", Encoding.UTF8.GetString((await connection.ReceiveAsync())!.Payload.Span));
        }

        await handle.DisposeAsync();
        await target.Disposed.Task.WaitAsync(Limits.Test);
        Assert.Equal(PluginStatus.FailedPrecondition, (await Assert.ThrowsAsync<PluginException>(async () => await handle.ConnectAsync())).Status);
    }

    [Fact]
    public async Task A_table_is_found_as_a_table()
    {
        var live = Live(0);
        await live.Context.Fields.SetAsync("five", await live.Context.Tables.EmptyAsync(5));

        await using var found = Assert.IsType<ITable>(await live.Context.Fields.FindAsync("five"), exactMatch: false);

        Assert.Equal(("Table", 5), (found.Type, found.Size));
    }

    [Fact]
    public async Task Names_are_listed_with_the_types_of_their_objects()
    {
        var live = Live(0);
        await live.Context.Fields.SetAsync("listed-a", new Probe());
        await live.Context.Fields.SetAsync("listed-b", await live.Context.Tables.EmptyAsync(5));
        await live.Context.Fields.SetAsync("listed-c", new object());

        var listed = await live.Context.Fields.ListAsync();

        Assert.Equal(
            [new NamedField("listed-a", "Probe"), new NamedField("listed-b", "Table"), new NamedField("listed-c", "")],
            listed.Where(static field => field.Name.StartsWith("listed-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("find")]
    [InlineData("set")]
    [InlineData("remove")]
    public async Task A_field_cannot_be_used_by_the_call_that_makes_its_object(string use)
    {
        var name = "making-" + use;
        var unruly = new Unruly("create", async (unruly, _) =>
        {
            switch (use)
            {
                case "find":
                    await unruly.Context.Fields.FindAsync(name);
                    break;
                case "set":
                    await unruly.Context.Fields.SetAsync(name, new object());
                    break;
                default:
                    await unruly.Context.Fields.RemoveAsync(name);
                    break;
            }
        }).Prepare();
        var field = new FieldConfiguration($"scope/{name}", "", "", "Unruly", new Dictionary<string, string?> { ["Key"] = unruly.Key });

        var refused = await Assert.ThrowsAsync<Grains.FaultException>(
            () => cluster.Node(0).Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key).CreateAsync(field).WaitAsync(TimeSpan.FromSeconds(8)));

        Assert.Equal(PluginStatus.FailedPrecondition, Assert.IsType<PluginException>(await unruly.Outcome).Status);
        Assert.Contains(name, refused.Fault.Message, StringComparison.Ordinal);
        Assert.Contains("is being created for it", refused.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("found/variable")]
    [InlineData("app/found/field/variable")]
    [InlineData("scope/found")]
    [InlineData("found in a \"漢\"")]
    public async Task Every_name_that_is_listed_is_found(string name)
    {
        var fields = Live(0).Context.Fields;
        await fields.SetAsync(name, new Probe());

        Assert.Contains(new NamedField(name, "Probe"), await fields.ListAsync());
        await using (var found = await fields.FindAsync(name))
            Assert.Equal("Probe", found?.Type);
        Assert.True(await fields.RemoveAsync(name));
        Assert.Null(await fields.FindAsync(name));
    }

    /// <summary>An object that the test holds.</summary>
    private LiveObject Live(int silo) => cluster.Node(silo).Live.Find(cluster.HoldOn(silo, new Probe()).Reference.ObjectId)!;
}
