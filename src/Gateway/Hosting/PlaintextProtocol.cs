using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Wharf.Gateway.Hosting;

/// <summary>
/// Detects HTTP/2 without TLS by the first bytes of the connection: the preface of HTTP/2 begins with a word that is not a method of HTTP/1.1. There is no ALPN without TLS, so
/// the result is set as the features from which Kestrel reads the ALPN protocol.
/// </summary>
internal sealed class PlaintextProtocol(TimeSpan timeout, TimeProvider time)
{
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await DetectHttp2Async(connection) is not { } isHttp2)
        {
            connection.Abort(new ConnectionAbortedException("the client did not send the first bytes of a request in time"));
            return;
        }
        if (isHttp2)
        {
            connection.Features.Set<ITlsConnectionFeature>(Http2WithoutTls.Instance);
            connection.Features.Set<ITlsApplicationProtocolFeature>(Http2WithoutTls.Instance);
        }
        await next(connection);
    }

    private static ReadOnlySpan<byte> Preface => "PRI"u8;

    // Returns null if the connection closed, or if no data was received within the timeout.
    private async Task<bool?> DetectHttp2Async(ConnectionContext connection)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, connection.ConnectionClosed);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(either.Token);
                bool? answer = read.Buffer.Length >= Preface.Length ? StartsWithPreface(read.Buffer) : null;
                // Nothing is consumed, because the server reads the same bytes again. If there are too few bytes, all are marked as examined.
                input.AdvanceTo(read.Buffer.Start, answer is null ? read.Buffer.End : read.Buffer.Start);
                if (answer is not null || read.IsCompleted)
                    return answer;
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ConnectionResetException)
        {
            return null;
        }
    }

    private static bool StartsWithPreface(ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[Preface.Length];
        buffer.Slice(0, Preface.Length).CopyTo(first);
        return first.SequenceEqual(Preface);
    }

    private sealed class Http2WithoutTls : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public static readonly Http2WithoutTls Instance = new();

        public System.Security.Cryptography.X509Certificates.X509Certificate2? ClientCertificate
        {
            get => null;
            set => throw new NotSupportedException("the connection does not use TLS");
        }

        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public Task<System.Security.Cryptography.X509Certificates.X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult<System.Security.Cryptography.X509Certificates.X509Certificate2?>(null);
    }
}
