using Wharf.Client;

namespace Wharf.Security;

public sealed class Logins
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_anonymous_caller_logs_in_only_where_the_setting_allows_it(bool isAllowed)
    {
        await using var server = await GuardedServer.StartAsync(options => options.AllowAnonymous = isAllowed);

        var login = await Record.ExceptionAsync(async () => await (await server.ConnectAsync(Credentials.Anonymous)).DisposeAsync());

        Assert.Equal(isAllowed, login is null);
    }
}
