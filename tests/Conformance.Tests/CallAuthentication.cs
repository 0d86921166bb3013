using System.Text;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Conformance.Tests;

public abstract class CallAuthentication(ConformanceServer server)
{
    private const string Unknown = "00000000-0000-0000-0000-000000003039";

    [Fact]
    public async Task The_binary_header_comes_first_then_the_cookie_then_authorization()
    {
        await using Session first = await server.LoginAsync(), second = await server.LoginAsync(), third = await server.LoginAsync();
        Assert.Equal(first.Authorization, await UsedAsync(Binary(Token(first)), Cookie(Token(second)), Authorization(third.Authorization)));
        Assert.Equal(second.Authorization, await UsedAsync(Cookie(Token(second)), Authorization(third.Authorization)));
        Assert.Equal(third.Authorization, await UsedAsync(Authorization(third.Authorization)));
    }

    [Fact]
    public async Task A_good_token_in_front_saves_a_bad_authorization()
    {
        await using var session = await server.LoginAsync();
        Assert.Equal(session.Authorization, await UsedAsync(Binary(Token(session)), Authorization("Nope")));
        Assert.Equal(session.Authorization, await UsedAsync(Cookie(Token(session)), Authorization("Nope")));
    }

    [Fact]
    public async Task Invalid_tokens_in_the_first_two_places_are_ignored()
    {
        await using var session = await server.LoginAsync();
        foreach (var bad in new[] { "garbage", Unknown, session.Authorization, "" })
        {
            Assert.Equal(session.Authorization, await UsedAsync(Binary(bad), Authorization(session.Authorization)));
            Assert.Equal(session.Authorization, await UsedAsync(Cookie(bad), Authorization(session.Authorization)));
            await BareAsync(Binary(bad));
            await BareAsync(Cookie(bad));
        }
    }

    [Theory]
    [InlineData("other={0}")]
    [InlineData("deephaven-auth-cookie={0}; a=b")]
    [InlineData("a=b; deephaven-auth-cookie={0}")]
    [InlineData("deephaven-auth-cookie=\"{0}\"")]
    [InlineData("deephaven-auth-cookie={0};")]
    [InlineData("DEEPHAVEN-AUTH-COOKIE={0}")]
    [InlineData("deephaven-auth-cookie = {0}")]
    [InlineData("deephaven-auth-cookie=={0}")]
    [InlineData("deephaven-auth-cookie")]
    public async Task Any_other_cookie_header_is_passed_over(string header)
    {
        await using var session = await server.LoginAsync();
        await BareAsync(new Metadata.Entry("cookie", string.Format(System.Globalization.CultureInfo.InvariantCulture, header, Token(session))));
    }

    [Theory]
    [InlineData("Nope")]
    [InlineData("Nope xyz")]
    [InlineData("anonymous")]
    [InlineData("ANONYMOUS")]
    [InlineData("Anonymous x")]
    [InlineData("bearer Anonymous")]
    [InlineData("Bearer Bearer Anonymous")]
    [InlineData("Bearer")]
    [InlineData("Bearer garbage")]
    [InlineData("Bearer " + Unknown)]
    [InlineData(Unknown)]
    [InlineData("io.deephaven.auth.AnonymousAuthenticationHandler")]
    [InlineData("PskAuthenticationHandler " + Processes.ServerProcess.Psk)]
    [InlineData(Protocol.LoginSchemes.PreSharedKey)]
    [InlineData(ConformanceServer.PskHeader + "x")]
    [InlineData("Bearer " + Protocol.LoginSchemes.PreSharedKey + " wrong")]
    [InlineData("Basic YTpi")]
    [InlineData("Basic !!!")]
    public Task A_bad_authorization_ends_every_call(string value) => RefusedAsync(Authorization(value));

    [Theory]
    [InlineData("bearer {0}")]
    [InlineData("{0}")]
    [InlineData("Bearer  {0}")]
    [InlineData("Bearer {0} x")]
    [InlineData("Nope,Bearer {0}")]
    public async Task A_token_has_exactly_one_form(string form)
    {
        await using var session = await server.LoginAsync();
        await RefusedAsync(Authorization(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Token(session))));
    }

    [Theory]
    [InlineData("Anonymous")]
    [InlineData("Bearer Anonymous")]
    [InlineData(ConformanceServer.PskHeader)]
    [InlineData("Bearer " + ConformanceServer.PskHeader)]
    public async Task Credentials_log_in_every_time_anew(string value)
    {
        string? first = await UsedAsync(Authorization(value)), second = await UsedAsync(Authorization(value));
        Assert.StartsWith("Bearer ", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Sessions_have_ids_of_their_own()
    {
        await using Session first = await server.LoginAsync(), second = await server.LoginAsync();
        Assert.Equal(StatusCode.OK, (await first.EmptyTableAsync(Session.Export(1))).Code);
        Assert.Equal(StatusCode.OK, (await second.EmptyTableAsync(Session.Export(1))).Code);
    }

    [Fact]
    public async Task A_closed_session_is_gone_in_all_three_places()
    {
        var session = await server.LoginAsync();
        Assert.Equal(StatusCode.OK, (await session.CloseAsync()).Code);
        await RefusedAsync(Authorization(session.Authorization));
        await BareAsync(Binary(Token(session)));
        await BareAsync(Cookie(Token(session)));
    }

    private static string Token(Session session) => session.Authorization["Bearer ".Length..];

    private static Metadata.Entry Binary(string token) => new("auth-token-bin", Encoding.ASCII.GetBytes(token));

    private static Metadata.Entry Cookie(string token) => new("cookie", $"deephaven-auth-cookie={token}");

    private static Metadata.Entry Authorization(string value) => new("authorization", value);

    private static Metadata Headers(Metadata.Entry[] entries)
    {
        var headers = new Metadata();
        foreach (var entry in entries)
            headers.Add(entry);
        return headers;
    }

    private async Task<string?> UsedAsync(params Metadata.Entry[] entries)
    {
        using var call = new ConfigService.ConfigServiceClient(server.Channel).GetConfigurationConstantsAsync(new ConfigurationConstantsRequest(), Headers(entries));
        await call;
        return (await call.ResponseHeadersAsync).GetValue("authorization");
    }

    private async Task BareAsync(params Metadata.Entry[] entries)
    {
        var client = new ConfigService.ConfigServiceClient(server.Channel);
        Assert.Equal(new Answer(StatusCode.Unauthenticated, ""), await Answer.OfAsync(client.GetConfigurationConstantsAsync(new ConfigurationConstantsRequest(), Headers(entries))));
        Assert.Equal(StatusCode.OK, (await Answer.OfAsync(client.GetAuthenticationConstantsAsync(new AuthenticationConstantsRequest(), Headers(entries)))).Code);
    }

    private async Task RefusedAsync(params Metadata.Entry[] entries)
    {
        var client = new ConfigService.ConfigServiceClient(server.Channel);
        var refused = new Answer(StatusCode.Unauthenticated, "Authentication details invalid");
        Assert.Equal(refused, await Answer.OfAsync(client.GetConfigurationConstantsAsync(new ConfigurationConstantsRequest(), Headers(entries))));
        Assert.Equal(refused, await Answer.OfAsync(client.GetAuthenticationConstantsAsync(new AuthenticationConstantsRequest(), Headers(entries))));
    }
}
