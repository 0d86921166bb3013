namespace Wharf.Client.Tests;

public sealed class CredentialForms
{
    public static TheoryData<Credentials, string> Forms => new()
    {
        { Credentials.Anonymous, "Anonymous" },
        { Credentials.Basic("user", "päss:word"), "Basic dXNlcjpww6Rzczp3b3Jk" },
        { Credentials.PreSharedKey("k e y"), "io.deephaven.authentication.psk.PskAuthenticationHandler k e y" },
        { Credentials.Custom("Own", "token"), "Own token" },
        { Credentials.Custom("Own", ""), "Own" },
    };

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public async Task Each_login_has_its_form(Credentials credentials, string authorization)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync(credentials);
        Assert.Equal([("GetConfigurationConstants", authorization)], await server.TakeCallsAsync(1));
    }

    [Fact]
    public void Printed_credentials_show_no_secret()
    {
        Assert.Equal("Own", $"{Credentials.Custom("Own", "secret")}");
        Assert.Equal("Basic", $"{Credentials.Basic("user", "secret")}");
    }

    [Fact]
    public void Credentials_that_do_not_fit_a_header_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Credentials.Custom("two words", "x"));
        Assert.Throws<ArgumentException>(() => Credentials.Custom("", "x"));
        Assert.Throws<ArgumentException>(() => Credentials.PreSharedKey("schlüssel"));
        Assert.Throws<ArgumentException>(() => Credentials.PreSharedKey("a\nb"));
        Assert.Throws<ArgumentException>(() => Credentials.Basic("a:b", "x"));
    }
}
