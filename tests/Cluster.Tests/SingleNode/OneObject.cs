using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using ScopeTicket = Wharf.Protocol.ScopeTicket;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>An object is addressed by its tickets: a program that has nothing but Orleans' client and the grain interfaces finds the one grain behind all of them.</summary>
public sealed class OneObject
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_tickets_of_an_object_lead_to_one_id_one_activation_and_one_epoch()
    {
        var clientPort = FreePort();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?>
            {
                ["Wharf__Node__ClientPort"] = clientPort.ToString(),
                ["Wharf__Auth__TokenKey__0"] = Convert.ToBase64String(Key),
                ["Wharf__Fields__app/demo/field/counter__Type"] = "Counter",
            },
            Token);
        await using var session = await Session.ConnectAsync(server.Address, Wire.Login, cancellationToken: Token);
        var application = new ApplicationTicket("demo", "counter");
        var export = await session.ExportFromTicketAsync(application, Token);
        var shared = await session.PublishAsync(export, Token);
        var scope = new ScopeTicket("mine");
        await session.PublishAsync(export, scope, Token);

        var found = await LookUpAsync(
            clientPort, 0, export.CanonicalIn(await SessionIdAsync(session)), shared.Canonical, scope.Canonical, application.Canonical);
        var others = await LookUpAsync(clientPort, 0, "scope/counter");

        Assert.Equal(4, found.Count);
        Assert.Single(found.Distinct());
        Assert.DoesNotContain(others[0], found);

        await session.ReleaseAsync(export, Token);
        Assert.Equal(["nothing"], await LookUpAsync(clientPort, 1, shared.Canonical));
        Assert.Equal(found[0], Assert.Single(await LookUpAsync(clientPort, 0, scope.Canonical)));
    }

    /// <summary>What the sample says of each ticket, without the ticket.</summary>
    private static async Task<IReadOnlyList<string>> LookUpAsync(int port, int exit, params string[] tickets)
    {
        var program = Path.Combine(Checkout.Root, "samples", "TicketLookup", "bin", Checkout.Configuration, "net10.0", "Wharf.TicketLookup.dll");
        await using var lookup = RunningProcess.Start("dotnet", [program, port.ToString(), .. tickets]);
        Assert.Equal(exit, await lookup.ExitAsync(Token));
        var lines = lookup.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. tickets.Select(ticket => lines.Single(line => line.StartsWith(ticket + ": ", StringComparison.Ordinal))[(ticket.Length + 2)..])];
    }

    private static async Task<string> SessionIdAsync(Session session)
    {
        var call = new ConfigService.ConfigServiceClient(session.CallInvoker).GetConfigurationConstantsAsync(new(), cancellationToken: Token);
        var header = (await call.ResponseHeadersAsync).GetValue("authorization")!;
        Assert.True(new SessionTokenSigner([Key]).TryVerify(header["Bearer ".Length..], out var claims));
        return claims.SessionId;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
