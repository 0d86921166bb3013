using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace Wharf.Client;

/// <summary>
/// Explains why a login reached no server: adds the address and the likely cause, which the text of the transport does not contain.
/// </summary>
internal static class ConnectionFailure
{
    private const string NotGrpc = "Bad gRPC response";
    private const string Certificate = "certificate";

    /// <summary>Explains the failure. A failure that a server reported is returned unchanged.</summary>
    public static WharfException Explain(WharfException failed, Uri address)
    {
        if (failed.StatusCode == StatusCode.DeadlineExceeded)
            return new(
                StatusCode.DeadlineExceeded, $"{address} does not answer: {failed.Status.Detail}",
                advice: "check the address; a firewall may drop the connection", inner: failed);
        if (failed.Status.Detail.StartsWith(NotGrpc, StringComparison.Ordinal))
            return Unavailable(
                $"{address} is not a server of this protocol: {failed.Status.Detail}",
                "another program may listen there, or a proxy may block HTTP/2", failed);
        // The channel connects before the request, so the cause can be a socket error without an HTTP request.
        if (Causes(failed).OfType<SocketException>().FirstOrDefault() is { } socket)
        {
            return socket.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                ? Unavailable($"{address} cannot be reached: the host '{address.Host}' is unknown", "check the name of the host", failed)
                : Unavailable(
                    $"{address} cannot be reached: {socket.Message}", "check that the server runs and listens on this port", failed);
        }

        return Causes(failed).OfType<HttpRequestException>().FirstOrDefault() is { } transport
            ? Explain(failed, transport, address)
            : failed;
    }

    private static WharfException Explain(WharfException failed, HttpRequestException transport, Uri address)
    {
        var causes = Causes(transport).ToArray();
        if (address.Scheme == Uri.UriSchemeHttps
            && causes.OfType<AuthenticationException>()
                .FirstOrDefault(static cause => cause.Message.Contains(Certificate, StringComparison.Ordinal))
                is { } untrusted)
        {
            return Unavailable(
                $"{address} has a certificate that is not trusted: {untrusted.Message}",
                "install the certificate of its authority on this machine, and use the name in the certificate", failed);
        }

        if (address.Scheme == Uri.UriSchemeHttps && transport.HttpRequestError == HttpRequestError.SecureConnectionError)
            return Unavailable(
                $"{address} does not answer with TLS: {causes[^1].Message}",
                $"a server without TLS has the address {With(address, Uri.UriSchemeHttp)}",
                failed);
        return address.Scheme == Uri.UriSchemeHttp
            ? Unavailable(
                $"{address} does not answer with HTTP/2: {causes[^1].Message}",
                $"a server with TLS has the address {With(address, Uri.UriSchemeHttps)}",
                failed)
            : Unavailable($"{address} cannot be reached: {causes[^1].Message}", failed.Advice, failed);
    }

    private static WharfException Unavailable(string message, string? advice, WharfException inner) =>
        new(StatusCode.Unavailable, message, advice: advice, inner: inner);

    private static Uri With(Uri address, string scheme) => new UriBuilder(address) { Scheme = scheme, Port = address.Port }.Uri;

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException ?? (cause as RpcException)?.Status.DebugException)
            yield return cause;
    }
}
