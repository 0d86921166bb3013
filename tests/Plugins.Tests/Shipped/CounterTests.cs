namespace Wharf.Plugins.Tests.Shipped;

public sealed class CounterTests
{
    [Fact]
    public async Task Every_stream_is_told_the_value_at_the_beginning_and_at_every_change()
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("Counter");
        TestStream first = await plugin.ConnectAsync();
        await first.HandleAsync("5");
        TestStream second = await plugin.ConnectAsync();
        await second.HandleAsync("");
        await first.HandleAsync("-10");

        Assert.Equal(["0", "5", "6", "-4"], TakeAll(first));
        Assert.Equal(["5", "6", "-4"], TakeAll(second));
    }

    [Fact]
    public async Task It_is_serial_and_may_start_anywhere()
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("Counter", new KeyValuePair<string, string?>("Start", "41"));
        TestStream stream = await plugin.ConnectAsync();
        await stream.HandleAsync("");

        Assert.Equal(["41", "42"], TakeAll(stream));
        Assert.False(plugin.Type.IsConcurrent);
    }

    [Fact]
    public async Task A_wrong_start_is_reported()
    {
        PluginException refused = await Assert.ThrowsAsync<PluginException>(
            () => ShippedPlugin.LoadAsync("Counter", new KeyValuePair<string, string?>("Start", "many")));

        Assert.Contains("'many'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("1.5")]
    [InlineData("9223372036854775808")]
    [InlineData(" 1")]
    public async Task A_malformed_number_is_an_error_that_shows_it_and_changes_nothing(string text)
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("Counter");
        TestStream stream = await plugin.ConnectAsync();

        PluginException refused = await Assert.ThrowsAsync<PluginException>(() => stream.HandleAsync(text));
        Assert.Equal(PluginStatus.InvalidArgument, refused.Status);
        Assert.Contains($"'{text}'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], TakeAll(stream));
    }

    [Fact]
    public async Task The_value_does_not_wrap_around()
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("Counter", new KeyValuePair<string, string?>("Start", "9223372036854775807"));
        TestStream stream = await plugin.ConnectAsync();

        await Assert.ThrowsAsync<PluginException>(() => stream.HandleAsync("1"));
        await stream.HandleAsync("-7");
        Assert.Equal(["9223372036854775807", "9223372036854775800"], TakeAll(stream));
    }

    [Fact]
    public async Task A_stream_that_has_ended_stops_no_one_and_one_that_was_closed_is_told_nothing()
    {
        using ShippedPlugin plugin = await ShippedPlugin.LoadAsync("Counter");
        TestStream ended = await plugin.ConnectAsync();
        TestStream closed = await plugin.ConnectAsync();
        TestStream open = await plugin.ConnectAsync();
        ended.HasEnded = true;
        await closed.Handler.OnClosedAsync(CloseReason.ClientClosed, default);
        await open.HandleAsync("");

        Assert.Equal(["0", "1"], TakeAll(open));
        Assert.Equal(["0"], TakeAll(closed));
    }

    private static List<string> TakeAll(TestStream stream)
    {
        List<string> taken = [];
        while (stream.Unread > 0)
            taken.Add(stream.Take().Payload);
        return taken;
    }
}
