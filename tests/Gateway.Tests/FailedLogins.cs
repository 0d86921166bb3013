using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Authentication;

namespace Wharf.Gateway.Tests;

public sealed class FailedLogins
{
    [Fact]
    public void Too_many_of_one_address_and_scheme_wait_a_minute()
    {
        var time = new FakeTimeProvider();
        var throttle = new LoginThrottle(3, time);
        for (int count = 0; count < 3; count++)
            Assert.False(throttle.Fail("a", "Basic"));
        Assert.True(throttle.Fail("a", "Basic"));
        Assert.True(throttle.IsExhausted("a", "Basic"));
        Assert.False(throttle.Fail("a", "Psk"));
        Assert.False(throttle.Fail("b", "Basic"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(throttle.IsExhausted("a", "Basic"));
        Assert.False(throttle.Fail("a", "Basic"));
    }

    [Fact]
    public void Addresses_beyond_counting_share_one_count()
    {
        var throttle = new LoginThrottle(1, new FakeTimeProvider());
        for (int address = 0; address < 10_000; address++)
            Assert.False(throttle.Fail($"{address}", ""));
        Assert.False(throttle.Fail("new", ""));
        Assert.True(throttle.Fail("newer", ""));
    }
}
