using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Grains.Streams;

namespace Wharf.Security;

/// <summary>The rules of roles without a server.</summary>
public sealed class RoleRules
{
    private static readonly string[] Actions =
    [
        GatewayActions.List, GatewayActions.Connect, GatewayActions.Read, GatewayActions.Create, GatewayActions.Publish, GatewayActions.Delete, GatewayActions.Run,
    ];

    public static TheoryData<string> EveryAction => [.. Actions];

    [Theory]
    [MemberData(nameof(EveryAction))]
    public async Task A_right_is_of_one_action_and_of_matching_targets(string action)
    {
        var authorizer = Authorizer(($"Roles:one:{action}:0", "scope/team-*"));

        Assert.True(await AllowsAsync(authorizer, action, "scope/team-a", "one"));
        Assert.True(await AllowsAsync(authorizer, action, "scope/team-a", "other", "one"));
        Assert.False(await AllowsAsync(authorizer, action, "scope/teams", "one"));
        Assert.False(await AllowsAsync(authorizer, action, "app/scope/team-a", "one"));
        Assert.False(await AllowsAsync(authorizer, action, "scope/team-a", "other"));
        Assert.False(await AllowsAsync(authorizer, action, "scope/team-a"));
        foreach (var another in Actions.Where(another => another != action))
            Assert.False(await AllowsAsync(authorizer, another, "scope/team-a", "one"));
    }

    [Fact]
    public async Task An_unknown_action_is_not_allowed()
    {
        var authorizer = Authorizer([.. Actions.Select(static action => ($"Roles:all:{action}:0", "*"))]);

        Assert.False(await AllowsAsync(authorizer, "invent", "scope/a", "all"));
        Assert.All(Actions, action => Assert.True(AllowsAsync(authorizer, action, "scope/a", "all").Result));
        Assert.All(Actions, action => Assert.True(AllowsAsync(authorizer, action, "", "all").Result));
    }

    [Theory]
    [InlineData(GatewayActions.Connect, true)]
    [InlineData(GatewayActions.Read, true)]
    [InlineData(GatewayActions.Publish, true)]
    [InlineData(GatewayActions.Create, false)]
    [InlineData(GatewayActions.Delete, false)]
    [InlineData(GatewayActions.Run, false)]
    public async Task An_export_of_the_session_needs_no_right_to_be_used(string action, bool isAllowed)
    {
        var authorizer = Authorizer(("Roles:one:List:0", "*"));

        Assert.Equal(isAllowed, await AllowsAsync(authorizer, action, "export/7", "one"));
        Assert.False(await AllowsAsync(authorizer, action, "scope/export/7", "one"));
    }

    [Fact]
    public async Task A_table_without_a_name_is_created_as_an_export()
    {
        var authorizer = Authorizer(("Roles:tables:Create:0", "export/*"), ("Roles:names:Create:0", "scope/*"));

        Assert.True(await AllowsAsync(authorizer, GatewayActions.Create, "", "tables"));
        Assert.True(await AllowsAsync(authorizer, GatewayActions.Create, "export/3", "tables"));
        Assert.False(await AllowsAsync(authorizer, GatewayActions.Create, "scope/a", "tables"));
        Assert.False(await AllowsAsync(authorizer, GatewayActions.Create, "", "names"));
        Assert.True(await AllowsAsync(authorizer, GatewayActions.Create, "scope/a", "names"));
    }

    [Fact]
    public async Task Plugin_code_needs_no_role_and_a_session_does()
    {
        var authorizer = Authorizer(("Roles:one:Read:0", "*"));

        Assert.True(await authorizer.IsAllowedAsync(new CallerIdentity("Echo", "", "object"), GatewayActions.Connect, "scope/a", default));
        Assert.False(await authorizer.IsAllowedAsync(new CallerIdentity("Echo", "session-1", "object"), GatewayActions.Connect, "scope/a", default));
        Assert.False(await authorizer.IsAllowedAsync(new CallerIdentity("", "", ""), GatewayActions.Connect, "scope/a", default));
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*c", "abc", true)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("*b*b*", "abab", true)]
    [InlineData("*b*b*", "aba", false)]
    [InlineData("app/x/*", "app/x/field/f", true)]
    [InlineData("app/x/*", "app/xy/field/f", false)]
    [InlineData("scope/Echo", "scope/echo", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    public void A_star_stands_for_any_text(string pattern, string text, bool matches) => Assert.Equal(matches, TargetPattern.Matches(pattern, text));

    [Fact]
    public void Patterns_match_as_regular_expressions_do() =>
        Gen.Select(Gen.String[Gen.Char["ab*"], 0, 8], Gen.String[Gen.Char["ab"], 0, 10]).Sample(static (pattern, text) =>
            TargetPattern.Matches(pattern, text) == System.Text.RegularExpressions.Regex.IsMatch(text, $"^{pattern.Replace("*", ".*", StringComparison.Ordinal)}$"));

    [Fact]
    public void A_login_has_the_roles_of_its_entries_and_of_its_credentials()
    {
        var roles = new LoginRoles(Options.Create(Read(
            ("Roles:a:Read:0", "*"), ("Roles:b:Read:0", "*"), ("Roles:c:Read:0", "*"),
            ("Users:0:Scheme", "Basic"), ("Users:0:Name", "ann"), ("Users:0:Roles:0", "b"), ("Users:0:Roles:1", "a"),
            ("Users:1:Scheme", "psk"), ("Users:1:Roles:0", "c"))));

        Assert.Equal(["a", "b"], roles.Of("Basic", new AuthenticatedPrincipal("ann")));
        Assert.Equal(["a", "b", "c"], roles.Of("Basic", new AuthenticatedPrincipal("ann") { Roles = ["c", "d", "A"] }));
        Assert.Empty(roles.Of("Basic", new AuthenticatedPrincipal("Ann")));
        // The name of another scheme is that of another principal.
        Assert.Empty(roles.Of("Bearer", new AuthenticatedPrincipal("ann")));
        Assert.Equal(["c"], roles.Of("io.deephaven.authentication.psk.PskAuthenticationHandler", new AuthenticatedPrincipal("super-user")));
    }

    [Fact]
    public void Without_roles_a_login_has_none_and_is_not_refused()
    {
        var roles = new LoginRoles(Options.Create(new AccessOptions()));

        Assert.False(roles.AreConfigured);
        Assert.Empty(roles.Of("Bearer", new AuthenticatedPrincipal("ann") { Roles = ["reader"] }));
    }

    private static RoleAuthorizer Authorizer(params (string Path, string Value)[] settings) => new(Options.Create(Read(settings)));

    private static AccessOptions Read(params (string Path, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create("Wharf:Auth:" + setting.Path, (string?)setting.Value))).Build();
        using var services = new ServiceCollection().AddLogging().AddWharfGateway(configuration.GetSection("Wharf")).BuildServiceProvider();
        return services.GetRequiredService<IOptions<AccessOptions>>().Value;
    }

    private static async Task<bool> AllowsAsync(RoleAuthorizer authorizer, string action, string target, params string[] roles) =>
        await authorizer.IsAllowedAsync(new CallerIdentity("ann", "session-1", "Basic") { Roles = [.. roles] }, action, target, default);
}
