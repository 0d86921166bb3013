using Wharf.Client;
using Wharf.Grains.Streams;
using Wharf.Protocol;

namespace Wharf.Security.Authorization;

/// <summary>A server on which a session with credentials may do everything, and an anonymous one what a test allows.</summary>
public sealed class RestrictedServer : IAsyncLifetime
{
    private readonly RecordingAuthorizer _authorizer = new();
    private GuardedServer? _server;

    /// <summary>A session with credentials. It has published the table <c>secret</c> in the scope.</summary>
    internal Session Owner { get; private set; } = null!;

    /// <summary>The table <c>secret</c> under a shared ticket.</summary>
    internal SharedTicket Shared { get; private set; } = null!;

    internal GuardedServer Server => _server!;

    public static Ticket Secret { get; } = new ScopeTicket("secret");

    public static Ticket Counter { get; } = new ScopeTicket("counter");

    public static TypedTicket Echo { get; } = new(new ScopeTicket("echo"), "Echo");

    public async ValueTask InitializeAsync()
    {
        _server = await GuardedServer.StartAsync(options => options.Authorizer = _authorizer);
        Owner = await _server.ConnectAsync();
        var table = await Owner.EmptyTableAsync(3, GuardedServer.Cancelled);
        await Owner.PublishAsync(table.Ticket, Secret, GuardedServer.Cancelled);
        Shared = await Owner.PublishAsync((ExportTicket)table.Ticket, GuardedServer.Cancelled);
    }

    /// <summary>Logs in without credentials.</summary>
    /// <param name="allows">The actions and targets that are allowed to the session.</param>
    internal async Task<Session> ConnectAnonymouslyAsync(Func<string, string, bool> allows)
    {
        _authorizer.Decide = (caller, action, target) => IsOwner(caller) || allows(action, target);
        return await Server.ConnectAsync(Credentials.Anonymous);
    }

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static bool IsOwner(CallerIdentity caller) => caller.Scheme == LoginSchemes.PreSharedKey;
}
