using Microsoft.Extensions.Logging;
using Wharf.Gateway.Authentication;
using Wharf.Grains;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Tests;

/// <summary>The lines of the audit log for refused actions.</summary>
public sealed class DeniedActions : IDisposable
{
    private static readonly CallerIdentity Caller = new("ann", "session", "Basic");

    private readonly TestLog _log = new();
    private readonly LoggerFactory _loggers;
    private readonly Permissions _permissions;

    public DeniedActions()
    {
        _loggers = new LoggerFactory([_log]);
        _permissions = new Permissions(new AllowsOneName(), new AuditLog(_loggers, TimeProvider.System));
    }

    public void Dispose() => _loggers.Dispose();

    [Theory]
    [InlineData("scope/secret", "ann in session session may not read scope/secret")]
    [InlineData("app/desk/field/secret", "ann in session session may not read app/desk/field/secret")]
    [InlineData("", "ann in session session may not read")]
    [InlineData("scope/shared/ab", "ann in session session may not read scope/shared/ab")]
    public async Task A_refused_action_is_logged_with_its_target(string target, string line)
    {
        await Assert.ThrowsAsync<FaultException>(async () => await _permissions.DemandAsync(Caller, GatewayActions.Read, target, Cancelled));
        Assert.Equal([line], Lines());
    }

    [Fact]
    public async Task The_id_of_a_shared_ticket_is_not_logged()
    {
        await Assert.ThrowsAsync<FaultException>(async () => await _permissions.DemandAsync(Caller, GatewayActions.Read, "shared/00ff", Cancelled));
        Assert.Equal(["ann in session session may not read shared/*"], Lines());
    }

    [Theory]
    [InlineData("app/desk/field/secret", "A caller without a session may not read app/desk/field/secret")]
    [InlineData("", "A caller without a session may not read *")]
    public async Task A_refused_action_without_a_session_is_logged_as_such(string target, string line)
    {
        await Assert.ThrowsAsync<FaultException>(async () => await _permissions.DemandAsync(Permissions.NoSession, GatewayActions.Read, target, Cancelled));
        Assert.Equal([line], Lines());
    }

    [Fact]
    public async Task A_reference_of_the_wrong_kind_is_logged_with_its_name()
    {
        var tickets = await AuthorizedTickets.AuthorizeReferencesAsync(_permissions, Caller, ["export/1", "scope/readable"], Cancelled);
        Assert.Throws<FaultException>(() => tickets.DemandEveryKind(_permissions, Caller));
        Assert.Equal(["ann in session session may not connect scope/readable"], Lines());
    }

    [Fact]
    public async Task An_allowed_action_is_not_logged()
    {
        await _permissions.DemandAsync(Caller, GatewayActions.Read, "scope/readable", Cancelled);
        Assert.Empty(Lines());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private List<string> Lines() => [.. _log.Lines.Where(static line => line.Category == "Wharf.Audit").Select(static line => line.Text)];

    private sealed class AllowsOneName : IAuthorizer
    {
        public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) =>
            ValueTask.FromResult(action == GatewayActions.Read && target == "scope/readable");
    }
}
