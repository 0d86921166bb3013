namespace Wharf.Plugins.Tests.Shipped;

public sealed class EchoTests
{
    [Fact]
    public async Task It_sends_an_empty_message_and_then_every_message_back_with_its_references()
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("Echo");
        TestStream stream = await plugin.ConnectAsync();
        TestTable table = new();
        await stream.HandleAsync("one", table, table);
        await stream.HandleAsync("");

        Assert.Equal(("", []), stream.Take());
        (string payload, IReadOnlyList<object?> references) = stream.Take();
        Assert.Equal("one", payload);
        Assert.Equal([table, table], references);
        Assert.Equal("", stream.Take().Payload);
    }

    [Fact]
    public async Task Its_streams_run_side_by_side()
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("Echo");

        Assert.True(plugin.Type.IsConcurrent);
        Assert.Equal("Echo", plugin.Type.Name);
    }
}
