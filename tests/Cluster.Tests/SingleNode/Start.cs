using System.Net;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>What a server tells at its start, to people and to what watches over it.</summary>
public sealed partial class Start
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_prints_its_offers_at_the_start()
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken: Token);
        var told = server.Running.Output;
        Assert.Matches(@"(?m)^Wharf \d+\.\d+", told);
        Assert.Contains("login      io.deephaven.authentication.psk.PskAuthenticationHandler", told, StringComparison.Ordinal);
        Assert.Matches(@"plugin     ExampleService \d\S*: ExampleService", told);
        foreach (var name in new[] { "example_service", "echo", "counter" })
            Assert.Contains($"object     scope/{name}: ", told, StringComparison.Ordinal);
        Assert.Contains($"listening  http://[::]:{server.Port}", told, StringComparison.Ordinal);
        Assert.DoesNotContain(ServerProcess.Psk, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_login_it_makes_up_a_key_that_opens_it()
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string?> { ["Wharf__Auth__Psk"] = null }, Token);
        var key = MadeUpKey().Match(server.Running.Output).Groups[1].Value;
        await using var session = await Session.ConnectAsync(server.Address, Credentials.PreSharedKey(key), cancellationToken: Token);
        Assert.Equal(TimeSpan.FromMinutes(5), session.Duration);
    }

    [Theory]
    [InlineData("YOUR_PASSWORD_HERE", 1)]
    [InlineData("short", 1)]
    [InlineData(ServerProcess.Psk, 0)]
    public async Task A_key_that_anybody_can_guess_is_warned_of_once(string key, int warnings)
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string?> { ["Wharf__Auth__Psk"] = key }, Token);
        Assert.Equal(warnings, Regex.Count(server.Running.Output, "warn: .*Wharf:Auth:Psk"));
    }

    [Fact]
    public async Task Health_is_told_on_one_port_in_both_protocols()
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken: Token);
        using var http = new HttpClient();
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            foreach (var path in new[] { "/health/live", "/health/ready" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path)) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                using var response = await http.SendAsync(request, Token);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }

        using var channel = GrpcChannel.ForAddress(server.Address);
        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task Tools_learn_what_is_served_without_a_login()
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken: Token);
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        var services = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToList();
        Assert.Contains("io.deephaven.proto.backplane.grpc.ObjectService", services);
        Assert.Contains("arrow.flight.protocol.FlightService", services);
        Assert.Contains("grpc.health.v1.Health", services);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = "io.deephaven.proto.backplane.grpc.ObjectService" }, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.NotEmpty(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }

    [Theory]
    [InlineData("Wharf__Port", "99999", "Wharf:Port")]
    [InlineData("Wharf__Port", "many", "Wharf:Port")]
    [InlineData("Wharf__Address", "nowhere", "Wharf:Address")]
    [InlineData("Wharf__Sessions__Duration", "00:00:09", "Wharf:Sessions:Duration")]
    [InlineData("Wharf__Auth__Anonymous", "perhaps", "Wharf:Auth:Anonymous")]
    [InlineData("Wharf__Auth__UsersFile", "/no/such/file", "Wharf:Auth:UsersFile")]
    [InlineData("Wharf__Gateway__MaxMessageBytes", "1", "Wharf:Gateway:MaxMessageBytes")]
    [InlineData("Wharf__Node__ClientPort", "-1", "Wharf:Node:ClientPort")]
    [InlineData("Wharf__Admin__Port", "65536", "Wharf:Admin:Port")]
    [InlineData("Wharf__Admin__Address", "nowhere", "Wharf:Admin:Address")]
    [InlineData("Wharf__Telemetry__SamplingRatio", "2", "Wharf:Telemetry:SamplingRatio")]
    [InlineData("Wharf__Telemetry__Otlp__Endpoint", "collector:4317", "Wharf:Telemetry:Otlp:Endpoint")]
    [InlineData("Wharf__Telemetry__Otlp__Protocol", "carrier pigeon", "Wharf:Telemetry:Otlp:Protocol")]
    [InlineData("Wharf__Telemetry__MetricsInterval", "00:00:00", "Wharf:Telemetry:MetricsInterval")]
    [InlineData("Wharf__Plugins__Folder", "/no/such/folder", "/no/such/folder")]
    [InlineData("Wharf__Fields__mine__Type", "NoSuchType", "mine")]
    [InlineData("Wharf__Fields__mine__Description", "no type", "Wharf:Fields:mine:Type")]
    [InlineData("Wharf__Tls__CertificatePath", "/no/such/file", "Wharf:Tls:CertificatePath")]
    [InlineData("Wharf__Tls__CertificatePath", "/etc/hostname", "Wharf:Tls:CertificatePath")]
    [InlineData("Wharf__Sessions__Duration", "5", "Wharf:Sessions:Duration is '5', but must be a time as hours:minutes:seconds")]
    [InlineData("Wharf__Sessions__MaxSessions", "0", "Wharf:Sessions:MaxSessions")]
    [InlineData("Wharf__Plugins__TimeLimits__Counter", "10", "Wharf:Plugins:TimeLimits:Counter is '10'")]
    [InlineData("Wharf__Gateway__MaxMessageBytes", "10MB", "Wharf:Gateway:MaxMessageBytes is '10MB'")]
    public async Task A_setting_that_cannot_be_meant_ends_the_start_with_a_line_that_names_it(string setting, string value, string named)
    {
        await using var server = ServerProcess.Launch(new Dictionary<string, string?> { [setting] = value });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await server.ExitAsync(patience.Token));
        var told = Assert.Single(server.Output.Split('\n'), line => line.StartsWith("Wharf cannot start: ", StringComparison.Ordinal));
        Assert.Contains(named, told, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_does_not_exist_causes_a_warning_with_the_nearest_one()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?> { ["Wharf__Auth__Pks"] = "a-secret-of-the-operator", ["Wharf__Session__Duration"] = "00:10:00", ["Wharf_Auth_Anonymous"] = "true" }, Token);
        foreach (var (unknown, nearest) in new[] { ("Wharf:Auth:Pks", "Wharf:Auth:Psk"), ("Wharf:Session:Duration", "Wharf:Sessions:Duration"), ("Wharf_Auth_Anonymous", "Wharf:Auth:Anonymous") })
            Assert.Equal(
                1, Regex.Count(server.Running.Output, $"warn: .*The setting {unknown} does not exist and has no effect; the nearest setting is {nearest}"));
        Assert.DoesNotContain("a-secret-of-the-operator", server.Running.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Existing_settings_cause_no_warning()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?> { ["Wharf__Sessions__Duration"] = "00:10:00", ["WHARF_SERVER"] = "http://localhost:1" }, Token);
        Assert.DoesNotContain("does not exist", server.Running.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_certificate_clients_are_served_by_TLS()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Give();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?> { ["Wharf__Tls__CertificatePath"] = certificate, ["Wharf__Tls__KeyPath"] = key }, Token);
        Assert.Contains($"listening  https://[::]:{server.Port}", server.Running.Output, StringComparison.Ordinal);
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
        using var channel = GrpcChannel.ForAddress($"https://localhost:{server.Port}", new GrpcChannelOptions { HttpHandler = handler });
        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start_with_a_line()
    {
        await using var first = await ServerProcess.StartAsync(cancellationToken: Token);
        await using var second = ServerProcess.Launch(new Dictionary<string, string?> { ["Wharf__Port"] = $"{first.Port}" });
        Assert.Equal(1, await second.ExitAsync(Token));
        Assert.Contains("Wharf cannot start: Wharf:Port: ", second.Output, StringComparison.Ordinal);
        Assert.Contains("address already in use", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"key        (\w+) ")]
    private static partial Regex MadeUpKey();
}
