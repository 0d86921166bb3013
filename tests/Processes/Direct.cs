using System.Net.Sockets;

namespace Wharf.Processes;

/// <summary>Connects to the address of the request. Left to itself, a channel connects all its requests to the one address that it was made for, whatever they say.</summary>
public static class Direct
{
    /// <summary>Makes a handler.</summary>
    public static SocketsHttpHandler NewHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        UseCookies = false,
        ConnectCallback = static async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
