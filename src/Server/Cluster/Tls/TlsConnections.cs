using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Wharf.Grains.Logs;

namespace Wharf.Server.Cluster.Tls;

/// <summary>Adds TLS to the connections of Orleans. No data is exchanged with an unauthenticated peer.</summary>
internal sealed partial class TlsConnections(NodeTls tls, TimeProvider time, ILogger<TlsConnections> logger)
{
    private readonly LimitedLogger _refusals = new(logger, new LogLimiter(time, first: 10, TimeSpan.FromMinutes(1), maxKinds: 1));

    /// <summary>Handles a connection that another process has opened.</summary>
    public ConnectionDelegate Accept(ConnectionDelegate next) =>
        connection => RunAsync(connection, next, (stream, limit) => stream.AuthenticateAsServerAsync(tls.Server(), limit), isAccepted: true);

    /// <summary>Handles a connection that this process has opened.</summary>
    public ConnectionDelegate Open(ConnectionDelegate next) =>
        connection => RunAsync(connection, next, (stream, limit) => stream.AuthenticateAsClientAsync(tls.Client(), limit), isAccepted: false);

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> handshake, bool isAccepted)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new DuplexStream(plain), leaveInnerStreamOpen: false);
        try
        {
            using var deadline = new CancellationTokenSource(NodeTls.HandshakeTimeout, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, connection.ConnectionClosed);
            await handshake(stream, limit.Token);
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // A probe of the port closes its connection without data; it is not logged.
            if (failed is AuthenticationException)
                LogRefused(_refusals, connection.RemoteEndPoint, isAccepted ? "inbound" : "outbound", failed.Message);
            connection.Abort(new ConnectionAbortedException("the peer is not authenticated as a node of this cluster", failed));
            return;
        }

        var secured = new Secured(stream);
        connection.Transport = secured;
        try
        {
            await next(connection);
        }
        finally
        {
            await secured.Input.CompleteAsync();
            await secured.Output.CompleteAsync();
            connection.Transport = plain;
        }
    }

    [LoggerMessage(EventId = 5111, Level = LogLevel.Warning, Message = "Refused the {Direction} connection with {Remote}: the peer is not authenticated as a node of this cluster ({Reason})")]
    private static partial void LogRefused(ILogger logger, EndPoint? remote, string direction, string reason);

    private sealed class Secured(SslStream stream) : IDuplexPipe
    {
        // One record of TLS is at most 16 KiB.
        private const int Segment = 16 * 1024;

        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: Segment, leaveOpen: true, useZeroByteReads: false));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: Segment, leaveOpen: true));
    }
}
