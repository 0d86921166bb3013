using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Wharf.Server.Settings;

namespace Wharf.Server.Tests;

/// <summary>The check of the configuration before the server starts.</summary>
public sealed class SettingValuesAndNames
{
    [Theory]
    [InlineData("Wharf:Sessions:Duration", "5", "00:00:05")]
    [InlineData("Wharf:Sessions:Duration", "90s", "00:01:30")]
    [InlineData("Wharf:Sessions:Duration", "5m", "00:05:00")]
    [InlineData("Wharf:Sessions:Duration", "1500ms", "00:00:01.5")]
    [InlineData("Wharf:Sessions:Duration", "5:00", "hours:minutes:seconds")]
    [InlineData("Wharf:Sessions:Duration", "24:00:00", "hours:minutes:seconds")]
    [InlineData("Wharf:Sessions:Duration", "00:60:00", "hours:minutes:seconds")]
    [InlineData("Wharf:Sessions:Duration", "-00:00:05", "must not be negative")]
    [InlineData("Wharf:Sessions:Duration", "-5", "hours:minutes:seconds")]
    [InlineData("Wharf:Sessions:Duration", "99999999.00:00:00", "must be")]
    [InlineData("Wharf:Sessions:Duration", "25.00:00:00", "must be at most")]
    [InlineData("Wharf:Sessions:Duration", "", "is empty")]
    [InlineData("Wharf:Plugins:TimeLimits:Counter", "5", "00:00:05")]
    [InlineData("Wharf:Plugins:ReplyTimeLimit", "soon", "hours:minutes:seconds")]
    [InlineData("Wharf:Cluster:ProbeTimeout", "2", "00:00:02")]
    [InlineData("Wharf:Telemetry:MetricsInterval", "60", "00:01:00")]
    [InlineData("Wharf:Gateway:MaxMessageBytes", "10MB", "without a unit")]
    [InlineData("Wharf:Gateway:MaxMessageBytes", "0x1000", "without a unit")]
    [InlineData("Wharf:Gateway:MaxMessageBytes", "1e6", "without a unit")]
    [InlineData("Wharf:Gateway:MaxMessageBytes", "1,000", "without a unit")]
    [InlineData("Wharf:Gateway:MaxMessageBytes", "-1", "must not be negative")]
    [InlineData("Wharf:Gateway:MaxMessageBytes", "2147483648", "at most 2147483647")]
    [InlineData("Wharf:Streams:MaxBytes", "99999999999999999999", "at most 9223372036854775807")]
    [InlineData("Wharf:Port", "#1F90", "without a unit")]
    [InlineData("Wharf:Auth:Anonymous", "yes", "true or false")]
    [InlineData("Wharf:Auth:Anonymous", "1", "true or false")]
    [InlineData("Wharf:Telemetry:SamplingRatio", "NaN", "a number such as 0.5")]
    [InlineData("Wharf:Telemetry:SamplingRatio", "0,5", "a number such as 0.5")]
    [InlineData("Wharf:Telemetry:Otlp:Protocol", "1", "Grpc or HttpProtobuf")]
    public void An_invalid_value_is_refused_and_its_setting_is_named(string setting, string value, string reason)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => SettingsCheck.Require(Configuration((setting, value))));
        var failure = Assert.Single(refused.Failures);
        Assert.StartsWith(setting + " ", failure, StringComparison.Ordinal);
        Assert.Contains(reason, failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Wharf:Sessions:Duration", "00:00:10")]
    [InlineData("Wharf:Sessions:Duration", "1:00:00")]
    [InlineData("Wharf:Sessions:Duration", "1.02:03:04.5")]
    [InlineData("wharf:sessions:duration", "00:05:00")]
    [InlineData("Wharf:Streams:OutputDelay", "00:00:00.0020000")]
    [InlineData("Wharf:Gateway:MaxMessageBytes", " 1024 ")]
    [InlineData("Wharf:Port", "")]
    [InlineData("Wharf:Auth:Anonymous", "True")]
    [InlineData("Wharf:Auth:Psk", "5")]
    [InlineData("Wharf:Telemetry:SamplingRatio", "0.25")]
    [InlineData("Wharf:Telemetry:Otlp:Protocol", "httpprotobuf")]
    [InlineData("Wharf:Plugins:Settings:Counter:Anything", "5")]
    public void A_valid_value_is_accepted(string setting, string value)
    {
        var configuration = Configuration((setting, value));
        SettingsCheck.Require(configuration);
        Assert.Empty(SettingsCheck.Unknown(configuration));
    }

    [Theory]
    [InlineData("Wharf:Auth:Pks", "Wharf:Auth:Psk")]
    [InlineData("Wharf:Psk", "Wharf:Auth:Psk")]
    [InlineData("Wharf:Auth:TokenKey", "Wharf:Auth:TokenKey:0")]
    [InlineData("Wharf:Auth:TokenKeys:0", "Wharf:Auth:TokenKey:0")]
    [InlineData("Wharf:Session:Duration", "Wharf:Sessions:Duration")]
    [InlineData("Wharf:Sessions:MaxStreamsPerSession", "Wharf:Gateway:MaxStreamsPerSession")]
    [InlineData("Wharf:Cluster:Postgresql", "Wharf:Cluster:Postgres")]
    [InlineData("Wharf:Tls:Certificate", "Wharf:Tls:CertificatePath")]
    [InlineData("Wharf:Port:0", "Wharf:Port")]
    [InlineData("Wharf:Fields:greeter:Typ", "Wharf:Fields:greeter:Type")]
    [InlineData("Wharf_Auth_Psk", "Wharf:Auth:Psk")]
    [InlineData("WHARF_PORT", "Wharf:Port")]
    [InlineData("Warf:Auth:Psk", "Wharf:Auth:Psk")]
    public void A_setting_that_does_not_exist_is_named_with_the_nearest_one(string given, string nearest)
    {
        Assert.Equal([(given, nearest)], SettingsCheck.Unknown(Configuration((given, "secret"))));
    }

    [Theory]
    [InlineData("WHARF_SERVER")]
    [InlineData("WHARF_KEY")]
    [InlineData("PATH")]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Wharf:Fields:app/a/field/b:Arguments:x:y")]
    [InlineData("Wharf:Gateway:ClientConfiguration:my.key")]
    public void Names_of_other_programs_and_free_names_cause_no_warning(string given) => Assert.Empty(SettingsCheck.Unknown(Configuration((given, "x"))));

    private static IConfiguration Configuration(params (string Path, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => new KeyValuePair<string, string?>(setting.Path, setting.Value))).Build();
}
