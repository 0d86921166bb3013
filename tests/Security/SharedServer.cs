using Wharf.Gateway.Authentication;

namespace Wharf.Security;

/// <summary>A server that several classes of tests share. Its users are ann and bob; the names of each test are its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private readonly string _users = Path.Combine(Path.GetTempPath(), "wharf-" + Guid.NewGuid().ToString("N"));
    private GuardedServer? _server;

    internal GuardedServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllLinesAsync(_users, [UsersFile.HashPassword("ann", "a"), UsersFile.HashPassword("bob", "b")]);
        _server = await GuardedServer.StartAsync(options =>
        {
            options.Settings["Wharf:Auth:UsersFile"] = _users;
            options.Scope["program_counter"] = new Plugins.Counter.CounterObject(1);
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        File.Delete(_users);
    }

    internal Task<Caller> AnnAsync() => UserAsync("ann:a");

    internal Task<Caller> BobAsync() => UserAsync("bob:b");

    private Task<Caller> UserAsync(string login) => Caller.LoginAsync(Server, "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(login)));
}

[CollectionDefinition(nameof(SharedServer))]
public sealed class SharedServerCollection : ICollectionFixture<SharedServer>;
