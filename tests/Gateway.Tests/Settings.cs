using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Protocol;

namespace Wharf.Gateway.Tests;

public sealed class Settings
{
    [Theory]
    [InlineData("Port", "70000")]
    [InlineData("Address", "nowhere")]
    [InlineData("Tls:CertificatePath", "/no/such/file")]
    [InlineData("Auth:Psk", "pässword")]
    [InlineData("Auth:UsersFile", "/no/such/file")]
    [InlineData("Auth:TokenKey:0", "c2hvcnQ=")]
    [InlineData("Auth:TrustedProxies:0", "nobody")]
    [InlineData("Auth:FailedLoginsPerMinute", "0")]
    [InlineData("Sessions:Duration", "00:00:09")]
    [InlineData("Gateway:MaxMessageBytes", "1")]
    [InlineData("Gateway:ConnectionWindowBytes", "1")]
    [InlineData("Gateway:MaxRequestBytes", "1")]
    [InlineData("Gateway:MaxRequestBytesWithoutSession", "1")]
    [InlineData("Gateway:RequestBodyTimeout", "00:00:00")]
    [InlineData("Gateway:MinRequestBytesPerSecond", "0")]
    [InlineData("Gateway:MaxConnections", "0")]
    [InlineData("Gateway:MaxConnectionsPerAddress", "0")]
    [InlineData("Gateway:MaxStreamsWithoutSessionPerAddress", "0")]
    [InlineData("Gateway:StreamTimeWithoutSession", "00:00:00")]
    [InlineData("Gateway:MaxBytesWithoutSession", "80000")]
    [InlineData("Gateway:MaxBytesWithoutSessionPerAddress", "80000")]
    [InlineData("Web:AllowedOrigins:0", "tables.example.com")]
    [InlineData("Web:AllowedOrigins:0", "https://tables.example.com/page")]
    [InlineData("Gateway:HandshakeTimeout", "00:00:00")]
    public void A_setting_that_cannot_be_meant_is_named(string key, string value)
    {
        using var services = Build(new() { ["Wharf:" + key] = value });
        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("Wharf:" + key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_ships_is_valid_and_makes_up_a_key()
    {
        using var services = Build([]);
        services.GetRequiredService<IStartupValidator>().Validate();
        var handlers = services.GetRequiredService<LoginHandlers>();
        Assert.NotNull(handlers.GeneratedKey);
        Assert.Equal([LoginSchemes.PreSharedKey], handlers.Names);
        Assert.Equal(10_000, services.GetRequiredService<IOptions<EndpointOptions>>().Value.EffectivePort);
    }

    [Theory]
    [InlineData("YOUR_PASSWORD_HERE", 1)]
    [InlineData("feeble", 1)]
    [InlineData("long enough not to be guessed", 0)]
    public void A_weak_key_gives_one_warning(string key, int warnings)
    {
        using var services = Build(new() { ["Wharf:Auth:Psk"] = key, ["Wharf:Auth:Anonymous"] = "true" });
        var handlers = services.GetRequiredService<LoginHandlers>();
        Assert.Null(handlers.GeneratedKey);
        Assert.Equal(["Anonymous", LoginSchemes.PreSharedKey], handlers.Names);
        var log = (TestLog)services.GetRequiredService<ILoggerProvider>();
        Assert.Equal(warnings, log.Lines.Count(line => line.Level == LogLevel.Warning));
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains(key, StringComparison.Ordinal));
    }

    private static ServiceProvider Build(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection().AddLogging(logging => logging.AddProvider(new TestLog())).AddSingleton<IConfiguration>(configuration)
            .AddWharfGateway(configuration.GetSection("Wharf")).BuildServiceProvider();
    }
}
