using Wharf.Plugins.Testing;
using Xunit;

namespace PluginNamespace.Tests;

public sealed class GreeterTests
{
    [Fact]
    public async Task All_clients_are_greeted_by_one_object()
    {
        await using var host = new PluginTestHost(new Registration());
        var greeter = await host.CreateAsync("Wharf-Plugin1", new Dictionary<string, string?> { ["Greeting"] = "Good day" }, TestContext.Current.CancellationToken);
        await using var ann = await greeter.ConnectAsync();
        await using var bob = await greeter.ConnectAsync();
        await ann.ReceiveAsync(TestContext.Current.CancellationToken);
        await bob.ReceiveAsync(TestContext.Current.CancellationToken);

        await ann.SendAsync("Ann");
        await bob.SendAsync("Bob");

        Assert.Equal("Good day Ann, you are number 1", (await ann.ReceiveAsync(TestContext.Current.CancellationToken))?.Text);
        Assert.Equal("Good day Bob, you are number 2", (await bob.ReceiveAsync(TestContext.Current.CancellationToken))?.Text);
    }
}
