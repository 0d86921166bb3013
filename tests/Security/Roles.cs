using Grpc.Core;
using Wharf.Client;
using Wharf.Protocol;
using StatusCode = Grpc.Core.StatusCode;
using TypedTicket = Wharf.Client.TypedTicket;

namespace Wharf.Security;

/// <summary>Roles by configuration: each action has a target that the role has, and one that it does not have.</summary>
public sealed class Roles(Roles.RoleServer fixture) : IClassFixture<Roles.RoleServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_opens_only_to_an_object_that_a_role_connects_to()
    {
        await using var reader = await fixture.LoginAsync("ann", "reader");

        await TalkAsync(reader, "echo", "Echo");
        await DeniedAsync(() => TalkAsync(reader, "counter", "Counter"));
        await DeniedAsync(() => TalkAsync(reader, "nothing", "Counter"));
    }

    [Fact]
    public async Task A_list_opens_only_for_a_role_that_sees_something()
    {
        await using var reader = await fixture.LoginAsync("ann", "reader");
        await using var writer = await fixture.LoginAsync("bob", "writer");

        Assert.Contains(await reader.ListFieldsAsync(Cancelled), static field => field.Name == "echo");
        await DeniedAsync(() => writer.ListFieldsAsync(Cancelled));
    }

    [Fact]
    public async Task Tables_are_created_published_and_read_by_roles()
    {
        await using var owner = await fixture.LoginAsync("olga@ops.test");
        await using var reader = await fixture.LoginAsync("ann", "reader");
        await using var writer = await fixture.LoginAsync("bob", "writer");
        await (await owner.EmptyTableAsync(1, Cancelled)).PublishAsync(new ScopeTicket("closed"), owner);

        var made = await writer.EmptyTableAsync(2, Cancelled);
        await made.PublishAsync(new ScopeTicket("open_two"), writer);
        await DeniedAsync(() => made.PublishAsync(new ScopeTicket("closed_two"), writer));
        await DeniedAsync(() => reader.EmptyTableAsync(1, Cancelled));

        Assert.Equal(2, (await reader.OpenTableAsync(new ScopeTicket("open_two"), Cancelled)).Size);
        Assert.Equal(2, (await made.UpdateAsync(["A = ii"], Cancelled)).Size);
        await DeniedAsync(() => reader.OpenTableAsync(new ScopeTicket("closed"), Cancelled));
        await DeniedAsync(() => writer.OpenTableAsync(new ScopeTicket("open_two"), Cancelled));
    }

    [Fact]
    public async Task A_shared_ticket_is_used_only_by_a_role_that_has_shared_tickets()
    {
        await using var reader = await fixture.LoginAsync("ann", "reader");
        await using var writer = await fixture.LoginAsync("bob", "writer");
        var made = await writer.EmptyTableAsync(3, Cancelled);
        var shared = Session.NewSharedTicket();
        await made.PublishAsync(shared, writer);

        await using var other = await fixture.LoginAsync("carl", "writer");
        Assert.Equal(3, (await other.OpenTableAsync(shared, Cancelled)).Size);
        await DeniedAsync(() => reader.OpenTableAsync(shared, Cancelled));
    }

    [Fact]
    public async Task The_object_that_manages_names_applies_the_roles_of_its_caller()
    {
        await using var maker = await fixture.LoginAsync("mary", "maker");
        await using var objects = await maker.OpenAsync<INamedObjects>(INamedObjects.Name, Cancelled);
        await (await objects.Service.CreateAsync("Counter", "made_one", cancellationToken: Cancelled)).DisposeAsync();

        await DeniedAsync(() => objects.Service.CreateAsync("Counter", "other", cancellationToken: Cancelled));
        await DeniedAsync(() => objects.Service.DeleteAsync("echo", Cancelled));
        await objects.Service.DeleteAsync("made_one", Cancelled);
    }

    [Fact]
    public async Task A_login_without_a_role_is_refused()
    {
        await using (await fixture.LoginAsync("ann", "reader"))
        {
        }

        await DeniedAsync(() => fixture.LoginAsync("ann"));
        await DeniedAsync(() => fixture.LoginAsync("ann", "unknown", "READER"));
        await DeniedAsync(() => fixture.Server.ConnectAsync());
    }

    [Fact]
    public async Task An_anonymous_login_has_the_roles_of_its_scheme()
    {
        await using var anonymous = await fixture.Server.ConnectAsync(Credentials.Anonymous);

        await TalkAsync(anonymous, "echo", "Echo");
        await DeniedAsync(() => anonymous.EmptyTableAsync(1, Cancelled));
    }

    [Fact]
    public async Task A_user_has_the_roles_of_the_users_file()
    {
        await using var user = await fixture.Server.ConnectAsync(Credentials.Basic("dora", "a-password"));

        await user.EmptyTableAsync(1, Cancelled);
        await DeniedAsync(() => user.ListFieldsAsync(Cancelled));
    }

    private static async Task TalkAsync(Session session, string name, string type)
    {
        await using var stream = await PluginClient.ConnectAsync(session, new TypedTicket(new ScopeTicket(name), type), Cancelled);
        await stream.ReadAsync(Cancelled);
    }

    private static async Task DeniedAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAnyAsync<RpcException>(call);
        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    /// <summary>A server with roles.</summary>
    public sealed class RoleServer : IAsyncLifetime
    {
        private readonly TestIssuer _issuer = new();
        private readonly string _users = Path.GetTempFileName();

        internal GuardedServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(_users, Gateway.Authentication.UsersFile.HashPassword("dora", "a-password") + ":writer\n");
            Server = await GuardedServer.StartAsync(options =>
            {
                _issuer.Accept(options.Settings);
                options.Settings["Wharf:Auth:UsersFile"] = _users;
                foreach (var (path, value) in new[]
                         {
                             ("Roles:reader:List:0", "scope/echo"), ("Roles:reader:Connect:0", "scope/echo"), ("Roles:reader:Read:0", "scope/open*"),
                             ("Roles:writer:Create:0", "export/*"), ("Roles:writer:Publish:0", "scope/open*"), ("Roles:writer:Publish:1", "shared/*"), ("Roles:writer:Read:0", "shared/*"),
                             ("Roles:owner:Create:0", "*"), ("Roles:owner:Publish:0", "*"), ("Roles:owner:Read:0", "*"),
                             ("Roles:maker:Connect:0", "scope/objects"), ("Roles:maker:Create:0", "scope/made*"), ("Roles:maker:Delete:0", "scope/made*"),
                             ("Users:0:Scheme", "Anonymous"), ("Users:0:Roles:0", "reader"),
                             ("Users:1:Scheme", "Bearer"), ("Users:1:Name", "*@ops.test"), ("Users:1:Roles:0", "owner"),
                         })
                    options.Settings["Wharf:Auth:" + path] = value;
            });
        }

        internal Task<Session> LoginAsync(string name, params string[] roles) => Server.ConnectAsync(Credentials.Token(_issuer.Token(name, roles)));

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            _issuer.Dispose();
            File.Delete(_users);
        }
    }
}

/// <summary>A table under a name.</summary>
internal static class PublishedTables
{
    public static Task PublishAsync(this Table table, Ticket target, Session session) =>
        session.PublishAsync(table.Ticket, target, TestContext.Current.CancellationToken);
}
