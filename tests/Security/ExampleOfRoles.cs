using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Grains.Streams;

namespace Wharf.Security;

/// <summary>The settings that docs/security.md shows are valid, and mean what the page states.</summary>
public sealed class ExampleOfRoles : IDisposable
{
    private readonly ServiceProvider _services;

    public ExampleOfRoles()
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(Checkout(), "samples", "Roles", "settings.json")).Build();
        _services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddWharfGateway(configuration.GetSection("Wharf")).BuildServiceProvider();
    }

    [Fact]
    public void The_settings_are_valid() => _services.GetRequiredService<IStartupValidator>().Validate();

    [Theory]
    [InlineData("Anonymous", "anonymous", "viewer")]
    [InlineData("Basic", "ann", "operator,team")]
    [InlineData("Basic", "bob", "")]
    [InlineData("Bearer", "ann", "")]
    [InlineData("io.deephaven.authentication.mtls.MTlsAuthenticationHandler", "batch-7", "team")]
    public void A_login_has_its_roles(string scheme, string name, string roles) =>
        Assert.Equal(roles, string.Join(',', _services.GetRequiredService<LoginRoles>().Of(scheme, new AuthenticatedPrincipal(name))));

    [Theory]
    [InlineData("viewer", GatewayActions.Read, "scope/public-prices", true)]
    [InlineData("viewer", GatewayActions.Read, "scope/team-prices", false)]
    [InlineData("viewer", GatewayActions.Read, "shared/00", false)]
    [InlineData("viewer", GatewayActions.Create, "", false)]
    [InlineData("team", GatewayActions.Connect, "app/desk/field/orders", true)]
    [InlineData("team", GatewayActions.Connect, "scope/objects", false)]
    [InlineData("team", GatewayActions.Create, "", true)]
    [InlineData("team", GatewayActions.Create, "scope/team-a", false)]
    [InlineData("team", GatewayActions.Publish, "scope/team-a", true)]
    [InlineData("team", GatewayActions.Publish, "scope/public-a", false)]
    [InlineData("team", GatewayActions.Delete, "scope/team-a", false)]
    [InlineData("operator", GatewayActions.Delete, "scope/team-a", true)]
    [InlineData("operator", GatewayActions.Run, "", true)]
    public async Task A_role_allows_what_the_page_shows(string role, string action, string target, bool isAllowed) => Assert.Equal(
        isAllowed,
        await _services.GetRequiredService<IAuthorizer>().IsAllowedAsync(new CallerIdentity("a", "session-1", "Basic") { Roles = [role] }, action, target, TestContext.Current.CancellationToken));

    public void Dispose() => _services.Dispose();

    private static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
