using Grpc.Core;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>Handlers begin where their messages come in; one that blocks there takes nothing else with it.</summary>
public sealed class BlockedHandlers : IDisposable
{
    // More than after which a stream has a way of its own to its object.
    private const int Exchanges = 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wharf-blocked-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_before_a_blocked_handler_arrive_and_other_streams_continue()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?>
            {
                ["Wharf__Plugins__Folder"] = Path.Combine(AppContext.BaseDirectory, "plugins"),
                ["Wharf__Fields__stubborn__Type"] = "Stubborn",
                ["Wharf__Fields__stubborn__Arguments__Journal"] = Path.Combine(_folder.FullName, "journal"),
            },
            Token);
        await using var session = await Session.ConnectAsync(server.Address, Wire.Login, cancellationToken: Token);
        var source = Wire.Scope("stubborn", "Stubborn");
        using var stuck = await Wire.OpenAsync(session.CallInvoker, source, Token);
        using var other = await Wire.OpenAsync(session.CallInvoker, source, Token);
        for (var exchange = 0; exchange < Exchanges; exchange++)
        {
            await ExchangeAsync(stuck, $"{exchange}");
            await ExchangeAsync(other, $"{exchange}");
        }

        await ExchangeAsync(stuck, "block");
        for (var exchange = 0; exchange < Exchanges; exchange++)
            await ExchangeAsync(other, $"{exchange}");
        using var late = await Wire.OpenAsync(session.CallInvoker, source, Token);
        await ExchangeAsync(late, "late");

        stuck.Dispose();
        await other.RequestStream.CompleteAsync();
        Assert.Equal(StatusCode.OK, (await Wire.EndAsync(other.ResponseStream, Token)).StatusCode);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task ExchangeAsync(AsyncDuplexStreamingCall<Protocol.Grpc.StreamRequest, Protocol.Grpc.StreamResponse> stream, string text)
    {
        await stream.RequestStream.WriteAsync(Wire.Data(System.Text.Encoding.UTF8.GetBytes(text)), Token);
        Assert.True(await stream.ResponseStream.MoveNext(Token));
        Assert.Equal(text, stream.ResponseStream.Current.Data.Payload.ToStringUtf8());
    }
}
