using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Fields;
using Wharf.Grains;
using Wharf.Grains.Fields;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Tests;

public sealed class FieldsThatAreVisible : IAuthorizer
{
    private readonly HashSet<string> _visible = ["scope/a"];

    public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) =>
        ValueTask.FromResult(action == GatewayActions.List && _visible.Contains(target));

    [Fact]
    public async Task Changes_of_a_hidden_field_are_not_sent()
    {
        var fields = Fields();
        Assert.Equal([Field("a")], (await fields.FilterAsync(new FieldListChanges([Field("a"), Field("b")], [], []), Cancelled)).Created);
        Assert.True((await fields.FilterAsync(new FieldListChanges([], [Field("b")], []), Cancelled)).IsEmpty);
        Assert.True((await fields.FilterAsync(new FieldListChanges([], [], [Field("b")]), Cancelled)).IsEmpty);

        Assert.Equal([Field("a")], (await fields.FilterAsync(new FieldListChanges([], [Field("a")], []), Cancelled)).Updated);
        Assert.Equal([Field("a")], (await fields.FilterAsync(new FieldListChanges([], [], [Field("a")]), Cancelled)).Removed);
    }

    [Fact]
    public async Task A_field_that_may_be_listed_later_is_created_and_one_that_may_not_any_more_is_removed()
    {
        var fields = Fields();
        await fields.FilterAsync(new FieldListChanges([Field("a"), Field("b")], [], []), Cancelled);
        _visible.Clear();
        _visible.Add("scope/b");

        var changes = await fields.FilterAsync(new FieldListChanges([], [Field("a"), Field("b")], []), Cancelled);

        Assert.Equal([Field("b")], changes.Created);
        Assert.Equal([Field("a")], changes.Removed);
        Assert.Empty(changes.Updated);
    }

    [Fact]
    public async Task Nothing_is_copied_where_everything_is_allowed()
    {
        var changes = new FieldListChanges([Field("a")], [Field("b")], [Field("c")]);
        var fields = new VisibleFields(new Permissions(new AllowEverything(), new AuditLog(NullLoggerFactory.Instance, TimeProvider.System)), Permissions.NoSession);
        Assert.Same(changes, await fields.FilterAsync(changes, Cancelled));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private VisibleFields Fields() => new(new Permissions(this, new AuditLog(NullLoggerFactory.Instance, TimeProvider.System)), new CallerIdentity("ann", "session", "Basic"));

    private static FieldDescription Field(string name) => new($"scope/{name}", "scope", "", name, "", new ObjectReference(name, ObjectKind.PluginObject, "Counter", 1));
}
