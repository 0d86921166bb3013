using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;

namespace Wharf.Server.Cluster.Tls;

/// <summary>Puts TLS under Orleans' connections: nothing is read from or said to a side that has not proved itself.</summary>
internal sealed partial class TlsConnections(NodeTls tls, TimeProvider time, ILogger<TlsConnections> logger)
{
    /// <summary>Serves a connection that another process opened.</summary>
    public ConnectionDelegate Accept(ConnectionDelegate next) =>
        connection => RunAsync(connection, next, (stream, patience) => stream.AuthenticateAsServerAsync(tls.Server(), patience), isAccepted: true);

    /// <summary>Serves a connection that this process opened.</summary>
    public ConnectionDelegate Open(ConnectionDelegate next) =>
        connection => RunAsync(connection, next, (stream, patience) => stream.AuthenticateAsClientAsync(tls.Client(), patience), isAccepted: false);

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, Func<SslStream, CancellationToken, Task> handshake, bool isAccepted)
    {
        var plain = connection.Transport;
        await using var stream = new SslStream(new DuplexStream(plain), leaveInnerStreamOpen: false);
        try
        {
            using var deadline = new CancellationTokenSource(NodeTls.HandshakeTimeout, time);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, connection.ConnectionClosed);
            await handshake(stream, patience.Token);
        }
        catch (Exception unproved) when (unproved is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // Who only looks whether somebody listens says nothing; it is no attempt.
            if (unproved is AuthenticationException)
                LogRefused(connection.RemoteEndPoint, isAccepted ? "which came from there" : "which goes there", unproved.Message);
            connection.Abort(new ConnectionAbortedException("the other side did not prove to be a node of this cluster", unproved));
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

    [LoggerMessage(EventId = 5111, Level = LogLevel.Warning, Message = "No connection with {Remote}, {Direction}: it did not prove to be a node of this cluster ({Reason})")]
    private partial void LogRefused(EndPoint? remote, string direction, string reason);

    private sealed class Secured(SslStream stream) : IDuplexPipe
    {
        // One record of TLS is at most 16 KiB.
        private const int Segment = 16 * 1024;

        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: Segment, leaveOpen: true, useZeroByteReads: false));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: Segment, leaveOpen: true));
    }
}
