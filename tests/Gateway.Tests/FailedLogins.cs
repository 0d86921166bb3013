using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Authentication;

namespace Wharf.Gateway.Tests;

public sealed class FailedLogins
{
    [Fact]
    public void A_window_refuses_one_address_and_scheme_for_a_minute()
    {
        var time = new FakeTimeProvider();
        var throttle = new LoginThrottle(3, time);
        for (int count = 0; count < 3; count++)
        {
            Assert.False(throttle.IsExhausted("a", "Basic"));
            Assert.Equal(LoginFailure.Counted, throttle.Fail("a", "Basic"));
        }

        Assert.True(throttle.IsExhausted("a", "Basic"));
        Assert.Equal(LoginFailure.ThrottledFirst, throttle.Fail("a", "Basic"));
        Assert.Equal(LoginFailure.Throttled, throttle.Fail("a", "Basic"));
        Assert.False(throttle.IsExhausted("a", "Psk"));
        Assert.False(throttle.IsExhausted("b", "Basic"));
        time.Advance(LoginThrottle.Window);
        Assert.False(throttle.IsExhausted("a", "Basic"));
        Assert.Equal(LoginFailure.Counted, throttle.Fail("a", "Basic"));
    }

    [Fact]
    public void Addresses_beyond_the_maximum_share_one_count()
    {
        var throttle = new LoginThrottle(1, new FakeTimeProvider());
        for (int address = 0; address < 10_000; address++)
            Assert.Equal(LoginFailure.Counted, throttle.Fail($"{address}", ""));
        Assert.False(throttle.IsExhausted("new", ""));
        Assert.Equal(LoginFailure.Counted, throttle.Fail("new", ""));
        Assert.True(throttle.IsExhausted("newer", ""));
        Assert.Equal(LoginFailure.ThrottledFirst, throttle.Fail("newer", ""));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.0.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData(null, true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("::2", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    public void An_address_of_this_machine_is_recognized(string? address, bool isLoopback) =>
        Assert.Equal(isLoopback, ClientAddress.IsLoopback(ClientAddress.Of(address is null ? null : System.Net.IPAddress.Parse(address))));
}
