namespace Wharf.Architecture.Tests;

/// <summary>The gateway looks up tickets in two types only. Both take tickets that the authorizer was asked about.</summary>
public sealed class WhoMayLookUpTickets
{
    private static readonly HashSet<string> Authorized = new(["SessionOperations", "NamedFields"], StringComparer.Ordinal);

    private static readonly HashSet<string> Grains =
        new(["ITicketGrain", "ISessionGrain", "IFieldDirectoryGrain", "ISharedTicketGrain", "TicketAddress"], StringComparer.Ordinal);

    /// <summary>Methods that take no ticket. A new method of these grains is guarded until it is listed here.</summary>
    private static readonly HashSet<string> WithoutTickets = new(
    [
        "ISessionGrain.LoginAsync", "ISessionGrain.TouchAsync", "ISessionGrain.CloseAsync", "ISessionGrain.AwaitEndAsync", "ISessionGrain.AwaitWorkAsync",
        "ISessionGrain.PullBatchAsync", "ISessionGrain.AbandonAsync", "ISessionGrain.ExportObjectsAsync", "ISessionGrain.ReleaseAsync",
        "ISessionGrain.PullNotificationsAsync", "ISessionGrain.PullTableUpdatesAsync", "ISessionGrain.UnsubscribeAsync",
        "ISessionGrain.ReadVariablesAsync", "IFieldDirectoryGrain.FollowAsync",
    ],
    StringComparer.Ordinal);

    private static readonly IReadOnlySet<(string Caller, string Member)> Calls =
        TicketLookups.Find(Path.Combine(AppContext.BaseDirectory, "Wharf.Gateway.dll"), Grains);

    [Fact]
    public void Only_types_that_take_authorized_tickets_look_them_up() =>
        Assert.DoesNotContain(Calls, static call => !WithoutTickets.Contains(call.Member) && !Authorized.Contains(call.Caller));

    /// <summary>The rule above finds nothing; this shows that it would.</summary>
    [Fact]
    public void Calls_in_asynchronous_methods_and_in_functions_are_found()
    {
        Assert.Contains(("SessionOperations", "ISessionGrain.SubmitAsync"), Calls);
        Assert.Contains(("SessionOperations", "ISessionGrain.ResolveAsync"), Calls);
        Assert.Contains(("SessionOperations", "ISessionGrain.SubmitBatchAsync"), Calls);
        Assert.Contains(("NamedFields", "IFieldDirectoryGrain.HasApplicationAsync"), Calls);
        Assert.Contains(("NamedFields", "TicketAddress.LookupAsync"), Calls);
        Assert.Contains(("TableServiceHandler", "ISessionGrain.PullBatchAsync"), Calls);
    }
}
