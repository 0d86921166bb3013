using System.Diagnostics.CodeAnalysis;
using Wharf.Gateway.Hosting;

namespace Wharf.Silo.Commands;

/// <summary><c>health</c>: queries the readiness of the local server with the same settings. For container images, which have no other HTTP client.</summary>
internal static class HealthCommand
{
    public const string Name = "health";

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);

    /// <returns>0 if the server is ready; 1 if it is not, or does not answer.</returns>
    [SuppressMessage("Security", "CA5359", Justification = "The request has no secret, and the certificate is for the name that clients use.")]
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter output, TextWriter error)
    {
        var endpoint = configuration.GetSection("Wharf").Get<EndpointOptions>() ?? new EndpointOptions();
        // The certificate is issued for the name that clients use, not for localhost.
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true }, UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = RequestTimeout };
        try
        {
            using var answer = await client.GetAsync(Address(endpoint));
            await output.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            await error.WriteLineAsync(silent.Message);
            return 1;
        }
    }

    private static Uri Address(EndpointOptions endpoint) => new UriBuilder(
        endpoint.Tls.IsEnabled ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, endpoint.Address is "*" or "0.0.0.0" or "::" ? "localhost" : endpoint.Address, endpoint.EffectivePort, "/health/ready").Uri;
}
