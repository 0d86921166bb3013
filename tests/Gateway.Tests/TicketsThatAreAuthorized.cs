using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Wharf.Gateway.Authentication;
using Wharf.Grains;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Tests;

public sealed class TicketsThatAreAuthorized
{
    private static readonly CallerIdentity Caller = new("ann", "session", "Basic");
    private static readonly ObjectReference Table = new("t", ObjectKind.Table, "Table", 1);
    private static readonly ObjectReference Counter = new("c", ObjectKind.PluginObject, "Counter", 1);

    private readonly Rules _rules = new();

    [Fact]
    public void Tickets_that_were_not_authorized_have_no_texts() => Assert.Throws<InvalidOperationException>(static () => default(AuthorizedTickets).Texts);

    [Fact]
    public async Task Own_exports_and_operations_of_the_same_batch_are_not_asked_about()
    {
        var tickets = await AuthorizedTickets.AuthorizeAsync(Asking(), Caller, GatewayActions.Read, ["export/1", "export/-2", "batch/0"], Cancelled);
        Assert.Equal(["export/1", "export/-2", "batch/0"], tickets.Texts);
        Assert.Empty(_rules.Asked);
    }

    [Theory]
    [InlineData("scope/export/1")]
    [InlineData("app/export/field/1")]
    [InlineData("shared/ab")]
    [InlineData("exports/1")]
    public async Task Every_other_ticket_is_asked_about(string ticket)
    {
        var refused = await Assert.ThrowsAsync<FaultException>(
            async () => await AuthorizedTickets.AuthorizeAsync(Asking(), Caller, GatewayActions.Read, ["export/1", ticket], Cancelled));
        Assert.Equal(FaultCode.PermissionDenied, refused.Fault.Code);
        Assert.Equal([("read", ticket)], _rules.Asked);

        _rules.Allowed.Add(("read", ticket));
        Assert.Equal(["export/1", ticket], (await AuthorizedTickets.AuthorizeAsync(Asking(), Caller, GatewayActions.Read, ["export/1", ticket], Cancelled)).Texts);
    }

    [Fact]
    public async Task An_operation_without_sources_needs_create()
    {
        await Assert.ThrowsAsync<FaultException>(async () => await AuthorizedTickets.AuthorizeSourcesAsync(Asking(), Caller, [], Cancelled));
        _rules.Allowed.Add(("create", ""));
        Assert.Empty((await AuthorizedTickets.AuthorizeSourcesAsync(Asking(), Caller, [], Cancelled)).Texts);
    }

    [Fact]
    public async Task A_reference_for_which_one_action_is_allowed_is_checked_once_its_object_is_known()
    {
        _rules.Allowed.Add(("read", "scope/a"));
        _rules.Allowed.Add(("connect", "scope/b"));
        var permissions = Asking();
        var tickets = await AuthorizedTickets.AuthorizeReferencesAsync(permissions, Caller, ["scope/a", "export/1", "scope/b"], Cancelled);

        Assert.True(tickets.DependsOnKind);
        tickets.DemandKinds(permissions, Caller, [Table, Counter, Counter]);
        Assert.Throws<FaultException>(() => tickets.DemandKinds(permissions, Caller, [Counter, Counter, Counter]));
        Assert.Throws<FaultException>(() => tickets.DemandKinds(permissions, Caller, [Table, Counter, Table]));
        Assert.Throws<FaultException>(() => tickets.DemandEveryKind(permissions, Caller));
    }

    [Fact]
    public async Task A_reference_for_which_both_actions_are_allowed_may_be_anything()
    {
        _rules.Allowed.Add(("read", "scope/a"));
        _rules.Allowed.Add(("connect", "scope/a"));
        var permissions = Asking();
        var tickets = await AuthorizedTickets.AuthorizeReferencesAsync(permissions, Caller, ["scope/a"], Cancelled);

        Assert.False(tickets.DependsOnKind);
        tickets.DemandEveryKind(permissions, Caller);
    }

    [Fact]
    public void References_cost_no_memory_where_everything_is_allowed()
    {
        var permissions = new Permissions(new AllowEverything(), new AuditLog(NullLoggerFactory.Instance, TimeProvider.System));
        ImmutableArray<string> tickets = ["scope/a", "shared/ab"];
        Assert.Equal(2, AuthorizeAtOnce(permissions, tickets));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 100; n++)
            _ = AuthorizeAtOnce(permissions, tickets);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static int AuthorizeAtOnce(Permissions permissions, ImmutableArray<string> tickets)
    {
        var authorized = AuthorizedTickets.AuthorizeReferencesAsync(permissions, Caller, tickets, CancellationToken.None);
        return authorized.IsCompletedSuccessfully ? authorized.Result.Texts.Length : -1;
    }

    private Permissions Asking() => new(_rules, new AuditLog(NullLoggerFactory.Instance, TimeProvider.System));

    private sealed class Rules : IAuthorizer
    {
        public HashSet<(string Action, string Target)> Allowed { get; } = [];

        public List<(string Action, string Target)> Asked { get; } = [];

        public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken)
        {
            Asked.Add((action, target));
            return ValueTask.FromResult(Allowed.Contains((action, target)));
        }
    }
}
