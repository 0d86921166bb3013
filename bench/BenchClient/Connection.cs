using Grpc.Core;
using Grpc.Net.Client;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>A TCP connection with a session of its own, or without a session for the raw server.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private Connection(GrpcChannel channel, Metadata headers) => (Channel, Headers) = (channel, headers);

    public GrpcChannel Channel { get; }

    /// <summary>The session's token; empty for the raw server.</summary>
    public Metadata Headers { get; }

    /// <summary>Connects and logs in, unless the login is <c>none</c>.</summary>
    public static async Task<Connection> LoginAsync(Uri address, string login)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        Metadata headers = [];
        if (login != "none")
        {
            using var call = new ConfigService.ConfigServiceClient(channel).GetConfigurationConstantsAsync(new(), [new Metadata.Entry("authorization", login)]);
            headers.Add("authorization", (await call.ResponseHeadersAsync).GetValue("authorization") ?? throw new InvalidOperationException("no token"));
            await call;
        }

        return new Connection(channel, headers);
    }

    /// <summary>Closes the session and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Headers.Count > 0)
            await new SessionService.SessionServiceClient(Channel).CloseSessionAsync(new(), Headers);
        Channel.Dispose();
    }
}
