using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;

namespace Wharf.Security;

/// <summary>Settings of roles and logins that have no effect end the start, and the error names them.</summary>
public sealed class RoleSettings
{
    private const string Reader = """{ "Roles": { "reader": { "Read": ["scope/*"] } } }""";

    [Theory]
    [InlineData("""{ "Roles": { "reader": { "Raed": ["scope/*"] } } }""", "Wharf:Auth:Roles:reader:Raed is not an action; the nearest is 'Read'")]
    [InlineData("""{ "Roles": { "reader": { "Read": "scope/*" } } }""", "Wharf:Auth:Roles:reader:Read is a value, but must be a list")]
    [InlineData("""{ "Roles": { "reader": "all" } }""", "Wharf:Auth:Roles:reader is a value")]
    [InlineData("""{ "Roles": { "a reader": { "Read": ["*"] } } }""", "Wharf:Auth:Roles:a reader is not the name of a role")]
    [InlineData("""{ "Roles": { "reader": { "Read": ["*", "echo"] } } }""", "Wharf:Auth:Roles:reader:Read:1 is 'echo', but must be * or begin with scope/, app/, shared/, export/; a variable is 'scope/echo'")]
    [InlineData("""{ "Roles": { "reader": { "Read": ["scope/"] } } }""", "Wharf:Auth:Roles:reader:Read:0 is 'scope/'")]
    [InlineData("""{ "Roles": { "reader": { "Read": ["shared/a0b1"] } } }""", "Wharf:Auth:Roles:reader:Read:0 begins with shared/, but must be shared/*")]
    [InlineData("""{ "Roles": { "reader": {} }, "Users": [{ "Scheme": "Basic", "Name": "ann", "Roles": ["raeder"] }] }""", "Wharf:Auth:Users:0:Roles:0 is 'raeder', which is not a role; the nearest is 'reader'")]
    [InlineData("""{ "Roles": { "reader": {} }, "Users": [{ "Scheme": "Basik", "Name": "ann", "Roles": ["reader"] }] }""", "Wharf:Auth:Users:0:Scheme is 'Basik', which is not a scheme; the nearest is 'Basic'")]
    [InlineData("""{ "Roles": { "reader": {} }, "Users": [{ "Name": "ann", "Roles": ["reader"] }] }""", "Wharf:Auth:Users:0:Scheme is missing")]
    [InlineData("""{ "Roles": { "reader": {} }, "Users": [{ "Scheme": "Basic", "Roles": ["reader"] }] }""", "Wharf:Auth:Users:0:Name is missing; * is every name")]
    [InlineData("""{ "Roles": { "reader": {} }, "Users": [{ "Scheme": "Psk" }] }""", "Wharf:Auth:Users:0:Roles is empty")]
    [InlineData("""{ "Users": [{ "Scheme": "Psk", "Roles": ["reader"] }] }""", "Wharf:Auth:Users:0:Roles:0 is 'reader', which is not a role")]
    [InlineData("""{ "Jwt": { "Authority": "http://issuer.test", "Audiences": ["wharf"] } }""", "Wharf:Auth:Jwt:Authority must be an address with https")]
    [InlineData("""{ "Jwt": { "Authority": "https://ann:a0b1@issuer.test", "Audiences": ["wharf"] } }""", "Wharf:Auth:Jwt:Authority must be an address with https")]
    [InlineData("""{ "Jwt": { "Authority": "https://issuer.test" } }""", "Wharf:Auth:Jwt:Audiences is empty")]
    [InlineData("""{ "Jwt": { "Audiences": ["wharf"] } }""", "Wharf:Auth:Jwt:Authority is missing")]
    [InlineData("""{ "Jwt": { "KeysPath": "/no/such/file", "Issuer": "a", "Audiences": ["wharf"] } }""", "Wharf:Auth:Jwt:KeysPath names a file that is not there")]
    [InlineData("""{ "Jwt": { "Authority": "https://issuer.test", "Audiences": ["wharf"], "ClockSkew": "00:06:00" } }""", "Wharf:Auth:Jwt:ClockSkew must be from")]
    [InlineData("""{ "Jwt": { "Authority": "https://issuer.test", "Audiences": ["wharf"], "KeyRefresh": "00:00:01" } }""", "Wharf:Auth:Jwt:KeyRefresh must be at least")]
    [InlineData("""{ "Jwt": { "Authority": "https://issuer.test", "Audiences": ["wharf"], "KeyLifetime": "00:01:00" } }""", "Wharf:Auth:Jwt:KeyLifetime must be at least KeyRefresh")]
    public void A_setting_without_an_effect_is_named(string auth, string problem)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Validate(auth));

        Assert.Contains(failure.Failures, line => line.StartsWith(problem, StringComparison.Ordinal));
        Assert.DoesNotContain("a0b1", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(Reader)]
    [InlineData("""{ "Roles": { "guest": {} }, "Users": [{ "Scheme": "anonymous", "Roles": ["guest"] }, { "Scheme": "Bearer", "Name": "*", "Roles": ["guest"] }] }""")]
    [InlineData("""{ "Jwt": { "Authority": "https://issuer.test/realms/a", "Audiences": ["wharf"] } }""")]
    [InlineData("""{ "Jwt": { "Authority": "http://127.0.0.1:8080", "Audiences": ["wharf"] } }""")]
    public void A_setting_that_has_an_effect_is_accepted(string auth) => Validate(auth);

    [Theory]
    [InlineData("ann:{hash}:reader", true)]
    [InlineData("ann:{hash}: reader , reader", true)]
    [InlineData("ann:{hash}", true)]
    [InlineData("# ann\nann:{hash}:raeder", false)]
    public void A_role_of_the_users_file_is_checked(string lines, bool isKnown)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, lines.Replace("{hash}", UsersFile.HashPassword("x", "y")[2..], StringComparison.Ordinal));
            using var services = Build(Reader.Replace("{ \"Roles\"", $"{{ \"UsersFile\": \"{path}\", \"Roles\"", StringComparison.Ordinal));
            var failure = Record.Exception(() => services.GetRequiredService<LoginHandlers>());

            Assert.Equal(isKnown, failure is null);
            if (!isKnown)
                Assert.EndsWith("line 2: 'raeder' is not a role; the nearest is 'reader'", Assert.IsType<FormatException>(failure).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Validate(string auth)
    {
        using var services = Build(auth);
        services.GetRequiredService<IStartupValidator>().Validate();
    }

    private static ServiceProvider Build(string auth)
    {
        var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{ "Wharf": { "Auth": {{auth}} } }"""));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddWharfGateway(configuration.GetSection("Wharf")).BuildServiceProvider();
    }
}
