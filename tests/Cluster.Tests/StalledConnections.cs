using System.Net.Sockets;

namespace Wharf.Cluster.Tests;

/// <summary>Stops the reads of the connections of a client: the buffers of the system fill, and then those of the server.</summary>
internal sealed class StalledConnections
{
    private volatile TaskCompletionSource? _closed;

    /// <summary>Whether nothing comes through.</summary>
    public bool IsClosed => _closed is not null;

    /// <summary>Lets nothing more through.</summary>
    public void Close() => _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets everything through.</summary>
    public void Open() => Interlocked.Exchange(ref _closed, null)?.SetResult();

    /// <summary>Makes connections behind the dam; the protocol's own windows are so large that nothing else stops them.</summary>
    public SocketsHttpHandler Connections() => new()
    {
        InitialHttp2StreamWindowSize = 16 * 1024 * 1024,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new Behind(this, socket);
        },
    };

    private sealed class Behind(StalledConnections dam, Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (dam._closed is { } closed)
                await closed.Task.WaitAsync(cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
