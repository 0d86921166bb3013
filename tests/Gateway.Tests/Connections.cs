using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Telemetry;

namespace Wharf.Gateway.Tests;

/// <summary>Tests how many connections the port takes.</summary>
public sealed class Connections
{
    private readonly TaskCompletionSource _end = new();
    private readonly ConnectionLimits _limits;

    public Connections()
    {
        var logins = new LoginOptions();
        logins.TrustedProxies.Add("10.0.0.0/8");
        logins.TrustedProxies.Add("192.0.2.1");
        _limits = new ConnectionLimits(
            Options.Create(new GatewayOptions { MaxConnections = 5, MaxConnectionsPerAddress = 2 }),
            new TrustedProxies(Options.Create(logins)),
            new GatewayInstruments(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()),
            new LimitLog(TimeProvider.System, NullLogger<LimitLog>.Instance));
    }

    [Fact]
    public async Task An_address_has_its_limit_until_a_connection_closes()
    {
        Assert.True(IsServed("198.51.100.1"));
        Assert.True(IsServed("::ffff:198.51.100.1"));
        Assert.False(IsServed("198.51.100.1"));
        Assert.True(IsServed("198.51.100.2"));

        _end.SetResult();
        await Task.Yield();
        Assert.True(IsServed("198.51.100.1"));
    }

    [Fact]
    public void The_networks_of_one_host_count_as_one_address()
    {
        Assert.True(IsServed("2001:db8::1"));
        Assert.True(IsServed("2001:db8::2"));
        Assert.False(IsServed("2001:db8::3"));
        Assert.True(IsServed("2001:db8:0:1::1"));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::ffff:192.0.2.1")]
    public void A_trusted_proxy_has_the_limit_of_the_port_alone(string proxy)
    {
        for (int count = 0; count < 5; count++)
            Assert.True(IsServed(proxy));
        Assert.False(IsServed(proxy));
        Assert.False(IsServed("198.51.100.1"));
    }

    private bool IsServed(string address)
    {
        bool isServed = false;
        _ = _limits.RunAsync(new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000) }, _ =>
        {
            isServed = true;
            return _end.Task;
        });
        return isServed;
    }
}
