using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Wharf.Gateway.Hosting;

/// <summary>
/// Without TLS nobody says which HTTP a connection speaks, so its first bytes are looked at: the preface of HTTP/2 begins with a word that is no method of HTTP/1.1.
/// Kestrel takes the answer from the features that TLS would have set.
/// </summary>
internal sealed class PlaintextProtocol(TimeSpan timeout, TimeProvider time)
{
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await SpeaksHttp2Async(connection) is not { } isHttp2)
        {
            connection.Abort(new ConnectionAbortedException("the connection did not say in time what it speaks"));
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

    // Null when the connection ended or was silent for too long.
    private async Task<bool?> SpeaksHttp2Async(ConnectionContext connection)
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
                // Nothing is consumed: the server reads the same bytes again. Until there are enough of them, all count as seen.
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
            set => throw new NotSupportedException("there is no TLS here");
        }

        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

        public Task<System.Security.Cryptography.X509Certificates.X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult<System.Security.Cryptography.X509Certificates.X509Certificate2?>(null);
    }
}
