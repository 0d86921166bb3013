using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Hosting;
using Wharf.Grains;

namespace Wharf.Gateway.Tests;

/// <summary>Tests the limits of calls without a session.</summary>
public sealed class CallsWithoutSession
{
    private readonly TestLog _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly UnauthenticatedUse _use;

    public CallsWithoutSession() => _use = new UnauthenticatedUse(
        Options.Create(new GatewayOptions
        {
            MaxStreamsWithoutSessionPerAddress = 2,
            MaxBytesWithoutSessionPerAddress = 4 * UnauthenticatedUse.BytesPerCall,
            MaxBytesWithoutSession = 6 * UnauthenticatedUse.BytesPerCall,
        }),
        new LimitLog(_time, new LoggerFactory([_log]).CreateLogger<LimitLog>()));

    [Fact]
    public void An_address_has_so_many_streams_and_others_have_theirs()
    {
        using var first = _use.Enter("a", isStream: true);
        var second = _use.Enter("a", isStream: true);
        Assert.Equal(FaultCode.ResourceExhausted, Refused("a", isStream: true));
        using var call = _use.Enter("a", isStream: false);
        using var other = _use.Enter("b", isStream: true);

        second.Dispose();
        second.Dispose();
        using var third = _use.Enter("a", isStream: true);
        Assert.Equal(FaultCode.ResourceExhausted, Refused("a", isStream: true));
    }

    [Fact]
    public void The_bytes_of_requests_count_for_the_address_and_for_all()
    {
        using var call = _use.Enter("a", isStream: false);
        call.Hold(3 * UnauthenticatedUse.BytesPerCall);
        Assert.Equal(FaultCode.ResourceExhausted, Assert.Throws<FaultException>(() => call.Hold((3 * UnauthenticatedUse.BytesPerCall) + 1)).Fault.Code);
        using var other = _use.Enter("b", isStream: false);
        Assert.Equal(FaultCode.Unavailable, Assert.Throws<FaultException>(() => other.Hold((2 * UnauthenticatedUse.BytesPerCall) + 1)).Fault.Code);

        call.Hold(0);
        other.Hold((2 * UnauthenticatedUse.BytesPerCall) + 1);
    }

    [Fact]
    public void Nothing_is_left_of_calls_that_have_ended()
    {
        for (int address = 0; address < 5; address++)
        {
            using var call = _use.Enter($"{address}", isStream: true);
            call.Hold(100);
        }

        Assert.Equal((0L, 0), (_use.Bytes, _use.Addresses));
    }

    [Fact]
    public void A_limit_that_refuses_is_logged_once_a_minute()
    {
        using var first = _use.Enter("a", isStream: true);
        using var second = _use.Enter("a", isStream: true);
        for (int count = 0; count < 100; count++)
            Refused("a", isStream: true);
        Assert.Contains("Wharf:Gateway:MaxStreamsWithoutSessionPerAddress", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("99 more clients", _log.Lines.Last().Text, StringComparison.Ordinal);
        Refused("a", isStream: true);
        Assert.Equal(3, _log.Lines.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, _log.Lines.Count);
    }

    private FaultCode Refused(string address, bool isStream) => Assert.Throws<FaultException>(() => _use.Enter(address, isStream)).Fault.Code;
}
