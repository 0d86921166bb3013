using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Wharf.Gateway.Authentication;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;
using Wharf.Protocol.Grpc.Flight;

namespace Wharf.Gateway.Tests;

/// <summary>Connections, logins and session tokens.</summary>
public sealed class LoginsAndTokens(LoginsAndTokens.BasicServer fixture) : IClassFixture<LoginsAndTokens.BasicServer>
{
    private readonly Server _server = fixture.Server;

    [Fact]
    public async Task A_call_without_a_session_gets_the_bare_status()
    {
        using var channel = _server.Connect();
        var failure = await Failures.OfAsync(new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(new()));
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Equal("", failure.Status.Detail);
        Assert.Null(failure.Trailers.Get("grpc-status-details-bin"));
    }

    [Theory]
    [InlineData("Bearer nonsense")]
    [InlineData("Nonsense")]
    [InlineData("Anonymous")]
    [InlineData("Basic !!!")]
    [InlineData("Basic dXNlcg==")]
    [InlineData(LoginSchemes.PreSharedKey + " wrong")]
    [InlineData("bearer x")]
    public async Task A_bad_authorization_ends_any_call(string authorization)
    {
        using var channel = _server.Connect();
        var headers = new Metadata { { "authorization", authorization } };
        var failure = await Failures.OfAsync(new ConfigService.ConfigServiceClient(channel).GetAuthenticationConstantsAsync(new(), headers));
        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Equal(StatusTexts.AuthenticationDetailsInvalid, failure.Status.Detail);
        Assert.NotNull(failure.Trailers.Get("grpc-status-details-bin"));
    }

    [Fact]
    public async Task A_token_is_good_in_all_three_places_and_announced_in_every_answer()
    {
        using var session = await _server.LoginAsync();
        var token = session.Authorization["Bearer ".Length..];
        foreach (var headers in new Metadata[]
                 {
                     new() { { "authorization", session.Authorization } },
                     new() { { "auth-token-bin", Encoding.ASCII.GetBytes(token) } },
                     new() { { "cookie", "deephaven-auth-cookie=" + token } },
                 })
        {
            var call = new ConfigService.ConfigServiceClient(session.Channel).GetConfigurationConstantsAsync(new(), headers);
            Assert.Equal("300000", (await call).ConfigValues["http.session.durationMs"].StringValue);
            Assert.Equal(session.Authorization, (await call.ResponseHeadersAsync).GetValue("authorization"));
            Assert.Null((await call.ResponseHeadersAsync).Get("set-cookie"));
        }
    }

    [Fact]
    public async Task What_is_no_good_in_the_first_two_places_is_passed_over()
    {
        using var channel = _server.Connect();
        var headers = new Metadata { { "auth-token-bin", [1, 2, 3] }, { "cookie", "deephaven-auth-cookie=x" } };
        await new ConfigService.ConfigServiceClient(channel).GetAuthenticationConstantsAsync(new(), headers);
        await Failures.IsAsync(StatusCode.Unauthenticated, new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(new(), headers));
    }

    [Theory]
    [InlineData("Bearer " + Server.PskHeader)]
    [InlineData(Server.PskHeader)]
    [InlineData("Basic YWxpY2U6c2VjcmV0OjE=")]
    public async Task Credentials_make_a_new_session_every_time(string authorization)
    {
        using var first = await _server.LoginAsync(authorization);
        using var second = await _server.LoginAsync(authorization);
        Assert.StartsWith("Bearer ", first.Authorization, StringComparison.Ordinal);
        Assert.NotEqual(first.Authorization, second.Authorization);
    }

    [Fact]
    public async Task A_cookie_that_scripts_cannot_read_is_set_when_it_is_asked_for()
    {
        using var channel = _server.Connect();
        var call = new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(
            new(), new Metadata { { "authorization", Server.PskHeader }, { "x-deephaven-auth-cookie-request", "TRUE" } });
        var headers = await call.ResponseHeadersAsync;
        Assert.Equal($"deephaven-auth-cookie={headers.GetValue("authorization")!["Bearer ".Length..]}; Path=/; HttpOnly; SameSite=Strict", headers.GetValue("set-cookie"));
    }

    [Fact]
    public async Task A_failure_carries_the_token_too()
    {
        using var session = await _server.LoginAsync();
        var failure = await Failures.OfAsync(session.Sessions.ReleaseAsync(new ReleaseRequest(), session.Headers));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Equal(session.Authorization, failure.Trailers.GetValue("authorization"));
    }

    [Fact]
    public async Task A_closed_session_is_gone_and_its_last_answer_has_no_token()
    {
        using var session = await _server.LoginAsync();
        var call = session.Sessions.CloseSessionAsync(new Protocol.Grpc.HandshakeRequest(), session.Headers);
        await call;
        Assert.Null((await call.ResponseHeadersAsync).Get("authorization"));
        var failure = await Failures.OfAsync(session.Sessions.CloseSessionAsync(new(), session.Headers));
        Assert.Equal(StatusTexts.AuthenticationDetailsInvalid, failure.Status.Detail);
    }

#pragma warning disable CS0612, CS0618 // Deprecated in the protocol, and still used.
    [Fact]
    public async Task NewSession_takes_credentials_and_yields_the_session_of_a_token()
    {
        using var channel = _server.Connect();
        var sessions = new SessionService.SessionServiceClient(channel);
        await Failures.IsAsync(StatusCode.Unauthenticated, sessions.NewSessionAsync(new()));
        var payload = new WrappedAuthenticationRequest { Type = LoginSchemes.PreSharedKey, Payload = ByteString.CopyFromUtf8(Server.Psk) };
        var made = await sessions.NewSessionAsync(new Protocol.Grpc.HandshakeRequest { Payload = payload.ToByteString() });
        Assert.Equal("Authorization", made.MetadataHeader.ToStringUtf8());
        Assert.Equal(300_000, made.TokenExpirationDelayMillis);
        var same = await sessions.NewSessionAsync(new(), new Metadata { { "authorization", made.SessionToken.ToStringUtf8() } });
        Assert.Equal(made.SessionToken, same.SessionToken);
    }

    [Fact]
    public async Task The_protocol_version_is_looked_at_before_the_session()
    {
        using var channel = _server.Connect();
        var sessions = new SessionService.SessionServiceClient(channel);
        await Failures.IsAsync(StatusCode.InvalidArgument, sessions.RefreshSessionTokenAsync(new() { AuthProtocol = 1 }));
        await Failures.IsAsync(StatusCode.InvalidArgument, sessions.CloseSessionAsync(new() { AuthProtocol = 1 }));
        await Failures.IsAsync(StatusCode.Unauthenticated, sessions.RefreshSessionTokenAsync(new()));
    }
#pragma warning restore CS0612, CS0618

    [Fact]
    public async Task A_handshake_answers_with_a_token_and_renews_it_until_the_client_is_done()
    {
        using var channel = _server.Connect();
        using var call = new FlightService.FlightServiceClient(channel).Handshake();
        await call.RequestStream.WriteAsync(Wrapped(LoginSchemes.PreSharedKey, Server.Psk));
        var token = (await call.ResponseStream.NextAsync()).Payload.ToStringUtf8();
        await call.RequestStream.WriteAsync(Wrapped("Bearer", token));
        Assert.Equal(token, (await call.ResponseStream.NextAsync()).Payload.ToStringUtf8());
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.EndsAsync();
    }

    [Fact]
    public async Task A_handshake_takes_user_and_password()
    {
        using var channel = _server.Connect();
        using var call = new FlightService.FlightServiceClient(channel).Handshake();
        var basic = new BasicAuth { Username = "alice", Password = "secret:1" };
        await call.RequestStream.WriteAsync(new Protocol.Grpc.Flight.HandshakeRequest { Payload = basic.ToByteString() });
        Assert.NotEmpty((await call.ResponseStream.NextAsync()).Payload);
    }

    [Fact]
    public async Task A_handshake_of_a_call_with_a_session_says_nothing()
    {
        using var channel = _server.Connect();
        using var call = new FlightService.FlightServiceClient(channel).Handshake(new Metadata { { "authorization", Server.PskHeader } });
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.EndsAsync();
        Assert.StartsWith("Bearer ", (await call.ResponseHeadersAsync).GetValue("authorization") ?? call.GetTrailers().GetValue("authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer", "unknown")]
    [InlineData(null, null)]
    public async Task A_handshake_without_good_details_is_refused_at_its_end(string? type, string? payload)
    {
        using var channel = _server.Connect();
        using var call = new FlightService.FlightServiceClient(channel).Handshake();
        if (type is not null)
            await call.RequestStream.WriteAsync(Wrapped(type, payload!));
        await call.RequestStream.CompleteAsync();
        await Failures.IsAsync(StatusCode.Unauthenticated, call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task The_audit_log_has_logins_and_closes_and_no_secret()
    {
        using var session = await _server.LoginAsync();
        await session.CloseAsync();
        var lines = _server.Log.Lines.Where(line => line.Category == "Wharf.Audit").Select(line => line.Text).ToList();
        Assert.Contains(lines, line => line.Contains("super-user", StringComparison.Ordinal) && line.StartsWith("Login", StringComparison.Ordinal));
        string id = lines.Last(static line => line.StartsWith("Login of", StringComparison.Ordinal)).Split("session ")[1];
        Assert.Equal(LogLevel.Debug, Assert.Single(_server.Log.Lines, line => line.Text.EndsWith($"closed session {id}", StringComparison.Ordinal)).Level);
        Assert.Single(_server.Log.Lines, line => line.Level >= LogLevel.Information && line.Text.Contains(id, StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Log.Lines, line => line.Text.Contains(Server.Psk, StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Log.Lines, line => line.Text.Contains(session.Authorization["Bearer ".Length..], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("io.deephaven.authentication.oidc.OidcHandler a-secret-token", "io.deephaven.authentication.oidc.OidcHandler (not offered)")]
    [InlineData("Digest username=a-secret", "Digest (not offered)")]
    [InlineData("a-secret-key-alone", "a header without a scheme")]
    [InlineData("a/secret=key behind-it", "a scheme with an invalid name")]
    public async Task The_audit_log_names_the_scheme_that_was_refused(string header, string named)
    {
        using var channel = _server.Connect();
        using var call = new FlightService.FlightServiceClient(channel).Handshake(new Metadata { { "authorization", header } });
        await call.RequestStream.CompleteAsync();
        await Failures.IsAsync(StatusCode.Unauthenticated, call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Contains(_server.Log.Lines, line => line.Category == "Wharf.Audit" && line.Text.StartsWith($"Login by {named} from ", StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Log.Lines, static line => line.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_audit_log_names_the_scheme_of_a_refused_handshake()
    {
        using var channel = _server.Connect();
        using var call = new FlightService.FlightServiceClient(channel).Handshake();
        await call.RequestStream.WriteAsync(Wrapped("org.example.Kerberos", "a-secret"));
        await Failures.IsAsync(StatusCode.Unauthenticated, call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Contains(_server.Log.Lines, static line => line.Text.StartsWith("Login by org.example.Kerberos (not offered) from ", StringComparison.Ordinal));
        Assert.DoesNotContain(_server.Log.Lines, static line => line.Text.Contains("a-secret", StringComparison.Ordinal));
    }

    private static Protocol.Grpc.Flight.HandshakeRequest Wrapped(string type, string payload) => new()
    {
        Payload = new WrappedAuthenticationRequest { Type = type, Payload = ByteString.CopyFromUtf8(payload) }.ToByteString(),
    };

    /// <summary>A server with a pre-shared key and one user.</summary>
    public sealed class BasicServer : IAsyncLifetime
    {
        private readonly string _users = Path.GetTempFileName();

        public BasicServer()
        {
            File.WriteAllText(_users, "# users\n" + UsersFile.HashPassword("alice", "secret:1") + "\n");
            Server = new Server(new Dictionary<string, string?> { ["Wharf:Auth:UsersFile"] = _users });
        }

        public Server Server { get; }

        public ValueTask InitializeAsync() => Server.InitializeAsync();

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            File.Delete(_users);
        }
    }
}
